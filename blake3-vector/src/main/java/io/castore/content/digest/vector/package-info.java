/**
 * BLAKE3 with the vector instructions that the JVM offers as an API, in a module that is still
 * incubating: code that names it compiles, loads and runs only with {@code --add-modules
 * jdk.incubator.vector}. So it lies apart, and is found as a service.
 */
package io.castore.content.digest.vector;
