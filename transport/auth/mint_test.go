package auth

import (
	"strings"
	"testing"
	"time"
)

func TestMintRefusesWhatWouldNotBeBelieved(t *testing.T) {
	for name, row := range map[string]struct {
		who  Subject
		ttl  time.Duration
		says []string
	}{
		"no subject":   {Subject{}, 0, []string{"subject"}},
		"guest":        {Subject{UserID: "guest-1"}, 0, []string{"subject"}},
		"role":         {Subject{UserID: "u", Role: "root"}, 0, []string{"role"}},
		"avatar":       {Subject{UserID: "u", Avatar: "javascript:alert(1)"}, 0, []string{"avatar"}},
		"ttl":          {Subject{UserID: "u"}, -time.Second, []string{"time to live"}},
		"all together": {Subject{UserID: "a\tb", Role: "x", Avatar: "x"}, -1, []string{"subject", "role", "avatar", "time to live"}},
	} {
		token, err := Mint(testSecret, row.who, time.Now(), row.ttl)
		if err == nil {
			t.Errorf("%s: made %s", name, token)
			continue
		}
		for _, word := range row.says {
			if !strings.Contains(err.Error(), word) {
				t.Errorf("%s: %v does not speak of the %s", name, err, word)
			}
		}
	}
}
