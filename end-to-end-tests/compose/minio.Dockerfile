# MinIO's server and client for the check, with the interface of minio/minio and of minio/mc.
ARG BASE_IMAGE
FROM ${BASE_IMAGE}
COPY minio mc /usr/bin/
ENV MC_CONFIG_DIR=/tmp/.mc
VOLUME ["/data"]
EXPOSE 9000
ENTRYPOINT ["minio"]
