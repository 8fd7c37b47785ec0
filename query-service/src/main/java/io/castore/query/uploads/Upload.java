package io.castore.query.uploads;

import io.castore.pipeline.records.UploadId;
import io.castore.proto.pipeline.UploadStatus;

/** An upload and what is known of it. */
record Upload(UploadId id, UploadStatus status) {}
