# A broker for the check, with the interface of apache/kafka: KAFKA_* are its properties, /etc/kafka/docker/run starts it.
# Its jars are those that the command has for its embedded broker.
ARG CASTORE_IMAGE
FROM ${CASTORE_IMAGE}
USER 0:0
COPY kafka-run /etc/kafka/docker/run
COPY argparse4j-*.jar /opt/kafka/libs/
RUN mkdir -p /var/lib/kafka/data /opt/kafka/config \
 && chown 1000:1000 /var/lib/kafka/data /opt/kafka/config
ENV CLUSTER_ID=5L6g3nShT-eMCtK--X86sw KAFKA_HEAP_OPTS=-Xmx512m
USER 1000:1000
HEALTHCHECK NONE
ENTRYPOINT []
CMD ["/etc/kafka/docker/run"]
