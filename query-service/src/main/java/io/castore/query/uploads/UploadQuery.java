package io.castore.query.uploads;

/**
 * Asks for one page of a list of uploads.
 *
 * @param filter which uploads are listed
 * @param range ids among which to look
 * @param limit most uploads of the page
 */
record UploadQuery(UploadFilter filter, IdRange range, int limit) {}
