package publisher

import (
	"chatnode/actors/link"
)

// reportLogFault tells the bridge when the log has begun to fail, and when it has stopped. With Redis that is the link's matter.
func (b *Publisher) reportLogFault(err error) {
	if b.Core.Set.Distributed || (err != nil) == b.faulty {
		return
	}
	b.faulty = err != nil
	b.Core.Bridge.Post(link.LogFaultChanged{Err: err})
}
