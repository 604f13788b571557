/** Files that were dropped, those in dropped folders included, each with its path from the folder's name on. */

export interface Given {
  file: File;
  path: string;
}

export interface Dropped {
  given: Given[];
  /** What the browser could not read, by path. */
  unreadable: string[];
}

export async function filesIn(dropped: DataTransfer): Promise<Dropped> {
  // The list of items is only there until the first wait.
  const entries = Array.from(dropped.items, (item) => item.webkitGetAsEntry()).filter((entry) => entry !== null);
  if (!entries.some((entry) => entry.isDirectory)) {
    return { given: Array.from(dropped.files, (file) => ({ file, path: file.name })), unreadable: [] };
  }
  const found: Dropped = { given: [], unreadable: [] };
  for (const entry of entries) {
    await walk(entry, found);
  }
  return found;
}

async function walk(entry: FileSystemEntry, found: Dropped): Promise<void> {
  const path = entry.fullPath.replace(/^\//, "");
  try {
    if (entry.isFile) {
      const file = await new Promise<File>((done, failed) => (entry as FileSystemFileEntry).file(done, failed));
      found.given.push({ file, path });
    } else {
      for (const inside of await entriesOf(entry as FileSystemDirectoryEntry)) {
        await walk(inside, found);
      }
    }
  } catch {
    found.unreadable.push(path);
  }
}

/** A reader gives some entries at a time, and none when all were given. */
async function entriesOf(folder: FileSystemDirectoryEntry): Promise<FileSystemEntry[]> {
  const reader = folder.createReader();
  const found: FileSystemEntry[] = [];
  for (;;) {
    const some = await new Promise<FileSystemEntry[]>((done, failed) => reader.readEntries(done, failed));
    if (some.length === 0) {
      return found.sort((one, other) => (one.name < other.name ? -1 : 1));
    }
    found.push(...some);
  }
}
