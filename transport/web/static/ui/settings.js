const ROOMS = "chatnode.rooms";
const ACTIVE = "chatnode.room";
const TOKEN = "chatnode.token";
const READ_POSITIONS = "chatnode.read";
const DRAFTS = "chatnode.drafts";
const NAME = /^[A-Za-z0-9._-]{1,64}$/;

/** Stored state of the page. Rooms and read positions are per browser; the token and drafts are per tab. */
export const settings = {
  /** @returns {string[]} at least one */
  get rooms() {
    const rooms = read(() => localStorage, ROOMS)?.split(" ").filter(isRoomName) ?? [];
    return rooms.length > 0 ? rooms : ["global"];
  },
  set rooms(rooms) {
    write(() => localStorage, ROOMS, rooms.join(" "));
  },
  /** The room that was last open. */
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
  /** The read position of a room. @returns {{epoch?: string, seq?: number}} */
  read(room) {
    const [epoch, seq] = readMap(() => localStorage, READ_POSITIONS)[room] ?? [];
    return { epoch, seq };
  },
  setRead(room, epoch, seq) {
    const all = readMap(() => localStorage, READ_POSITIONS);
    if (String(all[room]) !== String([epoch, seq])) {
      writeMap(() => localStorage, READ_POSITIONS, { ...all, [room]: epoch ? [epoch, seq] : undefined });
    }
  },
  /** Unsent text by room. @returns {Record<string, string>} */
  get drafts() {
    return readMap(() => sessionStorage, DRAFTS);
  },
  set drafts(drafts) {
    writeMap(() => sessionStorage, DRAFTS, drafts);
  },
  /** Storage of ChatClient for unacknowledged writes. It is per tab, so that two tabs do not send the same write. */
  get unsent() {
    return {
      getItem: (key) => read(() => sessionStorage, key),
      setItem: (key, text) => write(() => sessionStorage, key, text),
      removeItem: (key) => write(() => sessionStorage, key, null),
    };
  },
};

/** @returns {boolean} whether the server accepts this room name */
export function isRoomName(name) {
  return NAME.test(name);
}

// A browser that forbids storage throws on any access. The page then works without stored state.
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
