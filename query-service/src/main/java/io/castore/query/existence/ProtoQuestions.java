package io.castore.query.existence;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.UnsafeByteOperations;
import com.linecorp.armeria.common.MediaType;
import io.castore.content.digest.Digest;
import io.castore.proto.query.FindMissingRequest;
import io.castore.proto.query.FindMissingResponse;
import java.util.ArrayList;
import java.util.List;

/** A {@code FindMissingRequest}, answered with a {@code FindMissingResponse}. */
record ProtoQuestions() implements QuestionFormat {
  static final MediaType TYPE = MediaType.create("application", "protobuf");

  @Override
  public Question read(byte[] body) throws UnusableQuestionException {
    return read(parse(body));
  }

  private static FindMissingRequest parse(byte[] body) throws UnusableQuestionException {
    try {
      return FindMissingRequest.parseFrom(body);
    } catch (InvalidProtocolBufferException malformed) {
      throw UnusableQuestionException.badRequest("the body is no FindMissingRequest");
    }
  }

  /** Takes a message apart. */
  static Question read(FindMissingRequest request) throws UnusableQuestionException {
    if (request.getDigestsCount() > ChunkExistence.MOST_AT_ONCE) {
      throw UnusableQuestionException.badRequest(ChunkExistence.tooMany(request.getDigestsCount()));
    }
    List<Digest> digests = new ArrayList<>(request.getDigestsCount());
    for (ByteString digest : request.getDigestsList()) {
      if (digest.size() != Digest.LENGTH) {
        throw UnusableQuestionException.badRequest("invalid digest length");
      }
      digests.add(Digest.of(digest.toByteArray()));
    }
    return new Question(digests, request.getStoreId(), request.getLocalOnly());
  }

  /** Makes a message. */
  static FindMissingResponse response(List<Digest> missing, String storeId) {
    FindMissingResponse.Builder response = FindMissingResponse.newBuilder().setStoreId(storeId);
    missing.forEach(
        digest -> response.addMissing(UnsafeByteOperations.unsafeWrap(digest.toBytes())));
    return response.build();
  }

  @Override
  public byte[] write(List<Digest> missing, String storeId) {
    return response(missing, storeId).toByteArray();
  }

  @Override
  public MediaType mediaType() {
    return TYPE;
  }
}
