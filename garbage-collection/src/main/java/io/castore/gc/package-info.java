/** Finds out what nothing needs any more, and has the chunker remove it. */
package io.castore.gc;
