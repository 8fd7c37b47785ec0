package io.castore.proto;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.Descriptors.MethodDescriptor;
import com.google.protobuf.Descriptors.ServiceDescriptor;
import io.castore.proto.castore.BlobChunk;
import io.castore.proto.castore.Blobs;
import io.castore.proto.castore.PutBlobResponse;
import io.castore.proto.castore.ReadBlobRequest;
import io.castore.proto.castore.StatBlobRequest;
import io.castore.proto.castore.StatBlobResponse;
import io.castore.proto.castore.tvix.BlobServiceOuterClass;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Pins what existing clients and buckets depend on: names, field numbers, field types. */
final class BlobServiceDescriptorTest {
  static List<ServiceDescriptor> services() {
    return List.of(
        Blobs.getDescriptor().findServiceByName("BlobService"),
        BlobServiceOuterClass.getDescriptor().findServiceByName("BlobService"));
  }

  @Test
  void shouldServeBothPackageNames() {
    assertThat(services())
        .extracting(ServiceDescriptor::getFullName)
        .containsExactly("snix.castore.v1.BlobService", "tvix.castore.v1.BlobService");
  }

  @ParameterizedTest
  @MethodSource("services")
  void shouldHaveTheMethodsThatClientsCall(ServiceDescriptor service) {
    assertThat(service.getMethods())
        .extracting(BlobServiceDescriptorTest::signature)
        .containsExactly(
            "Stat(StatBlobRequest) StatBlobResponse",
            "Read(ReadBlobRequest) stream BlobChunk",
            "Put(stream BlobChunk) PutBlobResponse");
  }

  @Test
  void shouldKeepFieldNumbersAndTypes() {
    assertThat(fields(StatBlobRequest.getDescriptor()))
        .containsExactly("digest=1 BYTES", "send_chunks=2 BOOL", "send_bao=3 BOOL");
    assertThat(fields(StatBlobResponse.getDescriptor()))
        .containsExactly("chunks=2 MESSAGE", "bao=3 BYTES");
    assertThat(fields(StatBlobResponse.ChunkMeta.getDescriptor()))
        .containsExactly("digest=1 BYTES", "size=2 UINT64");
    assertThat(fields(ReadBlobRequest.getDescriptor())).containsExactly("digest=1 BYTES");
    assertThat(fields(BlobChunk.getDescriptor())).containsExactly("data=1 BYTES");
    assertThat(fields(PutBlobResponse.getDescriptor())).containsExactly("digest=1 BYTES");
  }

  private static String signature(MethodDescriptor method) {
    return method.getName()
        + (method.isClientStreaming() ? "(stream " : "(")
        + method.getInputType().getName()
        + (method.isServerStreaming() ? ") stream " : ") ")
        + method.getOutputType().getName();
  }

  private static List<String> fields(Descriptor message) {
    return message.getFields().stream().map(BlobServiceDescriptorTest::field).toList();
  }

  private static String field(FieldDescriptor field) {
    return field.getName() + "=" + field.getNumber() + " " + field.getType();
  }
}
