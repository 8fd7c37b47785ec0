# The command castore, which is also every service, with a JRE of its own. Built from what ./mvnw -Pdist made:
#   ./mvnw -Pdist && docker build --tag castore-streams .
ARG JDK_IMAGE=eclipse-temurin:25-jdk
ARG BASE_IMAGE=debian:trixie-slim

FROM ${JDK_IMAGE} AS jre
# What the jars in lib/ use, and what one looks into a JVM with (jcmd, JMX, JFR).
RUN "${JAVA_HOME:-/usr/lib/jvm/default-java}/bin/jlink" --output /jre \
      --add-modules java.base,java.desktop,java.instrument,java.logging,java.management,java.naming,java.net.http,java.rmi,java.scripting,java.security.jgss,java.security.sasl,java.sql,java.xml,jdk.charsets,jdk.crypto.ec,jdk.incubator.vector,jdk.jcmd,jdk.jfr,jdk.management,jdk.management.agent,jdk.naming.dns,jdk.net,jdk.security.auth,jdk.security.jgss,jdk.unsupported,jdk.zipfs \
      --strip-java-debug-attributes --no-header-files --no-man-pages

FROM ${BASE_IMAGE} AS release
ARG ARCHIVE=castore-cli/target/castore-streams-*.tar.gz
ADD ${ARCHIVE} /unpacked/
RUN mv /unpacked/castore-streams-* /opt/castore

FROM ${BASE_IMAGE}
COPY --from=jre /jre /opt/java
COPY --from=release /opt/castore /opt/castore
COPY docker/health docker/record-classes /opt/castore/docker/
ENV JAVA_HOME=/opt/java \
    PATH=/opt/castore/bin:/opt/java/bin:/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin \
    LANG=C.UTF-8 \
    HOME=/var/lib/castore
# A volume that is mounted here for the first time gets the owner of these directories.
RUN mkdir -p /var/lib/castore /etc/castore \
 && chown 10001:10001 /var/lib/castore /etc/castore \
 && /opt/castore/docker/record-classes
ENV CASTORE_DATA_DIR=/var/lib/castore \
    CASTORE_SERVER_HOST=0.0.0.0 \
    CASTORE_JAVA_OPTS="-XX:MaxRAMPercentage=50 -XX:+ExitOnOutOfMemoryError"
USER 10001:10001
WORKDIR /var/lib/castore
EXPOSE 8080
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=10s --timeout=5s --start-period=60s --retries=3 CMD ["/opt/castore/docker/health"]
ENTRYPOINT ["/opt/castore/bin/castore"]
CMD ["serve"]
