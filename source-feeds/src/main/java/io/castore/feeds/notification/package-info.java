@NullMarked
package io.castore.feeds.notification;

import org.jspecify.annotations.NullMarked;
