@NullMarked
package io.castore.feeds.s3;

import org.jspecify.annotations.NullMarked;
