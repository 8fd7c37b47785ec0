/**
 * Blobs for programs in the JVM: {@link io.castore.blobs.Blobs}, of a query service ({@link
 * io.castore.blobs.RemoteBlobs}) or straight from a store ({@link io.castore.blobs.StoreBlobs}).
 *
 * <pre>{@code
 * static String writeAndReadBack(Blobs blobs, String text) throws IOException {
 *   BlobWriter writer = blobs.openWrite();
 *   Digest digest;
 *   try {
 *     writer.write(ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8)));
 *     digest = writer.close();
 *   } finally {
 *     writer.abort(); // does nothing once the blob is closed
 *   }
 *
 *   try (SeekableByteChannel channel = blobs.openRead(digest).orElseThrow()) {
 *     ByteBuffer content = ByteBuffer.allocate((int) channel.size());
 *     while (content.hasRemaining() && channel.read(content) >= 0) {}
 *     return StandardCharsets.UTF_8.decode(content.flip()).toString();
 *   }
 * }
 *
 * static String overHttp(URI service) throws IOException {
 *   try (Blobs blobs = RemoteBlobs.at(service).connect()) {
 *     return writeAndReadBack(blobs, "Hello World");
 *   }
 * }
 * }</pre>
 */
package io.castore.blobs;
