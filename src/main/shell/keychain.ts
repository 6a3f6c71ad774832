/** The system's keychain, by Electron. */
import { safeStorage } from "electron";
import type { Keychain } from "../services/exports/sign-ins.ts";

export const keychain: Keychain = {
  async isOpen() {
    // Without a keychain, Electron on Linux encrypts with a publicly known password.
    if (process.platform === "linux" && safeStorage.getSelectedStorageBackend() === "basic_text") return false;
    return safeStorage.isAsyncEncryptionAvailable();
  },
  encrypt: (text) => safeStorage.encryptStringAsync(text),
  decrypt: async (bytes) => (await safeStorage.decryptStringAsync(Buffer.from(bytes))).result,
};
