/**
 * BLAKE3's tree and its compression function: what {@link io.castore.content.digest.Blake3} is made
 * of.
 *
 * <p>A content is cut into leaves of 1,024 bytes, and each leaf, in blocks of 64 bytes, is hashed
 * into a chaining value of 32 bytes. Two neighbouring values, one block, are hashed into their
 * parent's, level by level, up to the root. Leaves do not depend on each other, nor do the parents
 * of a level, so that many nodes are hashed side by side.
 *
 * <p>Algorithm: <a href="https://github.com/BLAKE3-team/BLAKE3-specs">O'Connor, Aumasson, Neves,
 * Wilcox-O'Hearn: BLAKE3, one function, fast everywhere</a>, in its hash mode. What the paper calls
 * a chunk is a leaf here, since a chunk is something else in this project.
 */
package io.castore.content.digest.blake3;
