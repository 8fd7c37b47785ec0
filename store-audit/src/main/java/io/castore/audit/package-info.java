/** Holds the store against what the topics say, and puts right what differs. */
package io.castore.audit;
