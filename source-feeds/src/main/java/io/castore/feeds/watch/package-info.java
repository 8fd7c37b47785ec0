/** Follows events and directories, and ingests what is new. */
@NullMarked
package io.castore.feeds.watch;

import org.jspecify.annotations.NullMarked;
