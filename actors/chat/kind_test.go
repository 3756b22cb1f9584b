package chat

import (
	"os"
	"testing"

	"chatnode/actors/wire"
)

// Every row of the table is complete, and no two kinds share a command, frame or code.
func TestEntryKindTable(t *testing.T) {
	seen := map[string]EntryKind{}
	for k := range EntryKinds() {
		if k.Command() == wire.Unknown || k.Frame() == "" || k.Code() == "" || kinds[k].fold == 0 {
			t.Errorf("kind %d: incomplete row %+v", k, kinds[k])
		}
		for _, name := range []string{"command " + k.Command().String(), "frame " + k.Frame(), "code " + k.Code()} {
			if other, taken := seen[name]; taken {
				t.Errorf("kinds %d and %d share %s", other, k, name)
			}
			seen[name] = k
		}
		byCommand, _ := KindOfCommand(k.Command())
		byFrame, _ := KindOfFrame(k.Frame())
		byCode, _ := KindOfCode(k.Code())
		if byCommand != k || byFrame != k || byCode != k {
			t.Errorf("kind %d: lookups return %d, %d and %d", k, byCommand, byFrame, byCode)
		}
	}
	if _, ok := KindOfCommand(wire.Ping); ok || EntryKind(0).Valid() || EntryKind(len(kinds)).Valid() {
		t.Error("a command without a kind, or a number outside the table, is accepted")
	}
}

// The command and the frame of each kind have golden files. Tests of package wire compare them with the codec and with
// PROTOCOL.md.
func TestEveryKindHasGoldenFiles(t *testing.T) {
	for k := range EntryKinds() {
		for _, name := range []string{"command_" + k.Command().String(), "server_" + k.Frame()} {
			if _, err := os.Stat("../wire/testdata/" + name + ".json"); err != nil {
				t.Errorf("kind %d: %v", k, err)
			}
		}
	}
}
