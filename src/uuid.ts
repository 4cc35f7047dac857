/** What a client sends as an id, in a path or as a key: refused before the database is asked, which answers what is no UUID with an error. Pure. */
export const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;
