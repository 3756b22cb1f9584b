package node

import (
	"math"

	"chatnode/actors/chat"
	"chatnode/actors/cluster"
	"chatnode/actors/process"
)

// statusReport is the answer of /status/data. Times are unix ms of this node's clock, counters count
// since the start.
type statusReport struct {
	InstanceID  string `json:"instanceId"`
	Version     string `json:"version"`
	Distributed bool   `json:"distributed"`
	StartedAt   int64  `json:"startedAt"`
	Now         int64  `json:"now"`
	UptimeMs    int64  `json:"uptimeMs"`
	SurveyMs    int64  `json:"surveyAgeMs"` // rooms, processes and mailboxes are so old
	WindowMs    int64  `json:"windowMs"`    // over which the rooms' rates were measured

	Link      linkBody                   `json:"link"`
	Links     []statusLink               `json:"links"`
	Totals    statusTotals               `json:"totals"`
	Journal   statusJournal              `json:"journal"`
	Instances statusList[statusInstance] `json:"instances"`
	Rooms     statusList[statusRoom]     `json:"rooms"`
	Kinds     []statusKind               `json:"kinds"`
	Processes statusList[statusProcess]  `json:"processes"`
}

// A statusList is a page of a list.
type statusList[T any] struct {
	Total  int `json:"total"`  // that there are
	Paged  int `json:"paged"`  // that can be paged through: the first ones
	Offset int `json:"offset"` // of the page
	Limit  int `json:"limit"`
	Data   []T `json:"data"`
}

func newStatusList[T any](total int, all []T, offset int) statusList[T] {
	from := min(offset, len(all))
	page := all[from:min(from+statusPage, len(all))]
	if page == nil {
		page = []T{}
	}
	return statusList[T]{total, len(all), offset, statusPage, page}
}

type statusInstance struct {
	instanceBody
	HeartbeatAgeMs int64 `json:"heartbeatAgeMs"`
}

func newStatusInstance(i *chat.Instance, now int64) statusInstance {
	age := max(0, now-i.LastHeartbeat)
	suspect := age > cluster.SuspectAfter.Milliseconds()
	return statusInstance{instanceBody{i.InstanceID, i.Incarnation, i.StartedAt, i.LastHeartbeat, i.ConnectedClients, suspect}, age}
}

type statusRoom struct {
	Room      string  `json:"room"`
	Members   int     `json:"members"` // sessions of this node
	PerSecond float64 `json:"perSecond"`
	Shown     uint64  `json:"shown"`
}

// A statusKind is all actors of a kind, and under which kind they hang; empty: the node.
type statusKind struct {
	actorBody
	Parent string `json:"parent"`
}

func newStatusKind(k *process.KindStats, l process.MailboxLoad) statusKind {
	return statusKind{actorBody{
		Kind: k.Name, Live: k.Live.Load(), Depth: l.Depth, Fullest: l.MaxUtilization, Handled: k.Handled.Load(), Refused: k.Refused.Load(),
		Waited: k.Waited.Load(), Panics: k.Panics.Load(), Restarts: k.Restarts.Load(), GivenUp: k.GivenUp.Load(),
	}, k.Parent}
}

type statusProcess struct {
	ID       string  `json:"id"`
	Depth    int     `json:"depth"`
	Bound    int     `json:"bound"`
	Fullness float64 `json:"fullness"`
}

// hundredth rounds to two digits.
func hundredth(x float64) float64 { return math.Round(x*100) / 100 }
