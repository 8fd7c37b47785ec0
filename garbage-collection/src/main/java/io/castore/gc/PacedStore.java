package io.castore.gc;

import io.castore.content.objectstore.ObjectInfo;
import io.castore.content.objectstore.ObjectLister;
import io.castore.content.objectstore.ObjectReader;
import java.io.IOException;
import java.io.InputStream;
import java.util.Optional;

/** A store, read and listed at a pace. */
record PacedStore(ObjectReader reader, ObjectLister lister, Pace pace)
    implements ObjectReader, ObjectLister {
  @Override
  public Optional<InputStream> open(String key) throws IOException {
    pace.step();
    return reader.open(key);
  }

  @Override
  public Optional<ObjectInfo> stat(String key) throws IOException {
    pace.step();
    return reader.stat(key);
  }

  @Override
  public void list(String keyPrefix, Visitor visitor) throws IOException {
    lister.list(
        keyPrefix,
        object -> {
          pace.step();
          visitor.visit(object);
        });
  }
}
