# A JDK of this machine, for the check.
ARG BASE_IMAGE
FROM ${BASE_IMAGE}
COPY jdk /opt/jdk
ENV JAVA_HOME=/opt/jdk
