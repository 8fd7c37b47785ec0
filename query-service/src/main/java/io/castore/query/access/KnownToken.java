package io.castore.query.access;

import io.castore.content.digest.Digest;
import java.util.Set;

/**
 * A token as the service knows it: not the token itself.
 *
 * @param name who has it, for the access log
 * @param scopes what whoever shows it may do
 * @param hash BLAKE3 of the token's text
 */
record KnownToken(String name, Set<Scope> scopes, Digest hash) {}
