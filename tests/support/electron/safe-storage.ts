/** Stand-in for Electron's safeStorage: only this stand-in decrypts what it encrypted. */
export const safeStorage = {
  backend: "gnome_libsecret",
  getSelectedStorageBackend: (): string => safeStorage.backend,
  isAsyncEncryptionAvailable: (): Promise<boolean> => Promise.resolve(true),
  encryptStringAsync: (text: string): Promise<Buffer> =>
    Promise.resolve(Buffer.from(`sealed:${Buffer.from(text).toString("base64")}`)),
  decryptStringAsync: (bytes: Buffer): Promise<{ shouldReEncrypt: boolean; result: string }> => {
    const [, sealed] = /^sealed:(.+)$/.exec(bytes.toString()) ?? [];
    if (sealed === undefined) return Promise.reject(new Error("This was encrypted by another."));
    return Promise.resolve({ shouldReEncrypt: false, result: Buffer.from(sealed, "base64").toString() });
  },
};
