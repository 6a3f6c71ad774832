/** Saves text as a file by the browser's download, which asks for a folder or not, as the user has set it. */
export function downloadText(fileName: string, text: string, type = "text/plain"): void {
  const address = URL.createObjectURL(new Blob([text], { type }));
  const link = document.createElement("a");
  link.href = address;
  link.download = fileName;
  link.click();
  URL.revokeObjectURL(address);
}
