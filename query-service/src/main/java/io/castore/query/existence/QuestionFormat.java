package io.castore.query.existence;

import com.linecorp.armeria.common.MediaType;
import io.castore.content.digest.Digest;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** How a question and its answer are written. Safe for use by many threads. */
sealed interface QuestionFormat permits JsonQuestions, ProtoQuestions {
  /** Gives the format of a media type; JSON where none is given, null for one that is no format. */
  static @Nullable QuestionFormat of(@Nullable MediaType type) {
    if (type == null || type.isJson()) {
      return new JsonQuestions();
    }
    return type.is(ProtoQuestions.TYPE) ? new ProtoQuestions() : null;
  }

  /**
   * Reads a question.
   *
   * @throws UnusableQuestionException if it is not one, or of too many digests
   */
  Question read(byte[] body) throws UnusableQuestionException;

  /** Writes an answer. */
  byte[] write(List<Digest> missing, String storeId);

  /** The type of the answer. */
  MediaType mediaType();
}
