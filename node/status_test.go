package node

import (
	"context"
	"encoding/json"
	"net/http"
	"testing"

	"chatnode/actors/session"
)

// pullStatus is the picture that a query gets with the admin key; headers as setHeaders takes them.
func (r *apiRig) pullStatus(t *testing.T, query string, headers ...string) (int, *statusReport) {
	t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), apiPatience)
	defer cancel()
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, "http://"+r.url+"/status/data"+query, nil)
	if err != nil {
		t.Fatal(err)
	}
	setHeaders(req, "", headers)
	res, err := http.DefaultTransport.RoundTrip(req)
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	report := &statusReport{}
	if err := json.NewDecoder(res.Body).Decode(report); err != nil {
		t.Fatal(err)
	}
	return res.StatusCode, report
}

func TestStatusIsForAdmins(t *testing.T) {
	r := startAPI(t)
	for _, c := range []struct {
		who     string
		headers []string
		status  int
	}{
		{"nobody", []string{"Authorization", ""}, 401},
		{"a wrong key", []string{"Authorization", "Bearer " + adminKey + "x"}, 401},
		{"a member", []string{"Authorization", "Bearer " + token(t, "member")}, 403},
		{"an admin", []string{"Authorization", "Bearer " + token(t, "admin")}, 200},
		{"an admin's cookie", []string{"Authorization", "", "Cookie", "chat_session=" + token(t, "admin")}, 200},
		{"the key", nil, 200},
	} {
		if got, report := r.pullStatus(t, "", c.headers...); got != c.status || (report.InstanceID != "") != (got == 200) {
			t.Errorf("%s: %d %q, want %d", c.who, got, report.InstanceID, c.status)
		}
	}
}

func TestStatusRefusesWhatItDoesNotKnow(t *testing.T) {
	r := startAPI(t)
	for _, query := range []string{"?rooms_offset=-1", "?actors_offset=x", "?instances_offset=99999999999", "?rooms_sort=name"} {
		if got, _ := r.pullStatus(t, query); got != 400 {
			t.Errorf("%s: %d, want 400", query, got)
		}
	}
	if got, report := r.pullStatus(t, "?rooms_offset=1000&actors_offset=1000&instances_offset=7"); got != 200 || report.Rooms.Data == nil || len(report.Processes.Data)+len(report.Instances.Data) != 0 {
		t.Errorf("beyond the end: %d %+v, want empty pages", got, report)
	}
}

func TestStatusShowsTheNode(t *testing.T) {
	r := startAPI(t)
	ann := r.join(t, "ann", "member", "lobby")
	r.join(t, "bob", "member", "lobby")
	ann.send(t, `{"type":"send_message","id":"1","room":"lobby","message":"hello"}`)
	ann.await(t, "ack")
	_, got := r.pullStatus(t, "")
	if len(got.Instances.Data) != 1 || got.Instances.Data[0].InstanceID != "node-1" || got.Instances.Data[0].Suspect {
		t.Errorf("instances %+v, want node-1, not suspect", got.Instances)
	}
	if got.Totals.Clients != 2 || got.Totals.Acked != 1 || got.Link.Mode != "ok" || len(got.Links) != 0 || got.Journal.Used {
		t.Errorf("totals %+v, link %+v, links %+v, journal %+v", got.Totals, got.Link, got.Links, got.Journal)
	}
	if got.Rooms.Total != 1 || got.Rooms.Data[0].Room != "lobby" || got.Rooms.Data[0].Members != 2 {
		t.Errorf("rooms %+v, want lobby with 2", got.Rooms)
	}
	if live := got.live(session.Kind.Name); live != 2 {
		t.Errorf("%d sessions live, want 2", live)
	}
	if got.Processes.Total < 8 || got.Processes.Data[0].Bound == 0 {
		t.Errorf("processes %+v", got.Processes)
	}
}

// live is how many processes of a kind live.
func (r *statusReport) live(kind string) int64 {
	for _, k := range r.Kinds {
		if k.Kind == kind {
			return k.Live
		}
	}
	return -1
}
