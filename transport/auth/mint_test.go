package auth

import (
	"strings"
	"testing"
	"time"
)

func TestMintRejectsInvalid(t *testing.T) {
	for name, row := range map[string]struct {
		subject  Subject
		ttl      time.Duration
		mentions []string
	}{
		"no subject":   {Subject{}, 0, []string{"subject"}},
		"guest":        {Subject{UserID: "guest-1"}, 0, []string{"subject"}},
		"role":         {Subject{UserID: "u", Role: "root"}, 0, []string{"role"}},
		"avatar":       {Subject{UserID: "u", Avatar: "javascript:alert(1)"}, 0, []string{"avatar"}},
		"ttl":          {Subject{UserID: "u"}, -time.Second, []string{"time to live"}},
		"all together": {Subject{UserID: "a\tb", Role: "x", Avatar: "x"}, -1, []string{"subject", "role", "avatar", "time to live"}},
	} {
		token, err := Mint(testSecret, row.subject, time.Now(), row.ttl)
		if err == nil {
			t.Errorf("%s: minted %s", name, token)
			continue
		}
		for _, word := range row.mentions {
			if !strings.Contains(err.Error(), word) {
				t.Errorf("%s: error %v does not mention %s", name, err, word)
			}
		}
	}
}
