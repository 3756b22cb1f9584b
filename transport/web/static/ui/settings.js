const ROOMS = "chatnode.rooms";
const ACTIVE = "chatnode.room";
const TOKEN = "chatnode.token";
const NAME = /^[A-Za-z0-9._-]{1,64}$/;

/** What the page remembers: rooms in this browser, the token only in this tab. */
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
