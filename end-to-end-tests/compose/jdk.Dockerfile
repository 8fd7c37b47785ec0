# A JDK of this machine, for the check, where eclipse-temurin has it.
ARG BASE_IMAGE
FROM ${BASE_IMAGE}
COPY jdk /opt/java/openjdk
ENV JAVA_HOME=/opt/java/openjdk
