/** What a token of {@link Ids} is made of. */
export const TOKEN_ALPHABET = "0123456789abcdefghijklmnopqrstuvwxyz";

/** 13 characters of 36 carry 67 bits. */
export const DEFAULT_TOKEN_LENGTH = 16;
