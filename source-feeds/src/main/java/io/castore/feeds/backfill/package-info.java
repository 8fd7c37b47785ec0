@NullMarked
package io.castore.feeds.backfill;

import org.jspecify.annotations.NullMarked;
