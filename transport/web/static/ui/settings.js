const ROOMS = "chatnode.rooms";
const ACTIVE = "chatnode.room";
const TOKEN = "chatnode.token";
const READ = "chatnode.read";
const DRAFTS = "chatnode.drafts";
const NAME = /^[A-Za-z0-9._-]{1,64}$/;

/** What the page remembers: rooms and how far they were read in this browser; the token and drafts only in this tab. */
export const settings = {
  /** @returns {string[]} at least one */
  get rooms() {
    const rooms = read(() => localStorage, ROOMS)?.split(" ").filter(isRoomName) ?? [];
    return rooms.length > 0 ? rooms : ["global"];
  },
  set rooms(rooms) {
    write(() => localStorage, ROOMS, rooms.join(" "));
  },
  /** The room that was open last. */
  get active() {
    return read(() => localStorage, ACTIVE);
  },
  set active(room) {
    write(() => localStorage, ACTIVE, room);
  },
  /** @returns {string | null} */
  get token() {
    return read(() => sessionStorage, TOKEN);
  },
  set token(token) {
    write(() => sessionStorage, TOKEN, token);
  },
  /** How far a room was read. @returns {{epoch?: string, seq?: number}} */
  read(room) {
    const [epoch, seq] = readMap(() => localStorage, READ)[room] ?? [];
    return { epoch, seq };
  },
  setRead(room, epoch, seq) {
    const all = readMap(() => localStorage, READ);
    if (String(all[room]) !== String([epoch, seq])) {
      writeMap(() => localStorage, READ, { ...all, [room]: epoch ? [epoch, seq] : undefined });
    }
  },
  /** What was written and not sent, by room. @returns {Record<string, string>} */
  get drafts() {
    return readMap(() => sessionStorage, DRAFTS);
  },
  set drafts(drafts) {
    writeMap(() => sessionStorage, DRAFTS, drafts);
  },
  /** Where ChatClient keeps what it has not sent: in this tab, so that no two tabs send the same. */
  get unsent() {
    return {
      getItem: (key) => read(() => sessionStorage, key),
      setItem: (key, text) => write(() => sessionStorage, key, text),
      removeItem: (key) => write(() => sessionStorage, key, null),
    };
  },
};

/** @returns {boolean} whether the server would take this as a room's name */
export function isRoomName(name) {
  return NAME.test(name);
}

// A browser that forbids storage throws at the mere mention of it; the page then forgets, and works.
function read(storage, key) {
  try {
    return storage().getItem(key);
  } catch {
    return null;
  }
}

function write(storage, key, value) {
  try {
    if (value === null) {
      storage().removeItem(key);
    } else {
      storage().setItem(key, value);
    }
  } catch {
    // see read
  }
}

function readMap(storage, key) {
  try {
    return Object.assign(Object.create(null), JSON.parse(read(storage, key)));
  } catch {
    return Object.create(null);
  }
}

function writeMap(storage, key, map) {
  write(storage, key, JSON.stringify(map));
}
