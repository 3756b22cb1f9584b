package process

// Inline sends to a process and, if the process is idle, runs it on the caller's goroutine until its mailbox is empty,
// for at most maxInlineBatches batches. Use it if the caller has nothing else to do, such as the reader of a socket:
// waking another goroutine costs more than handling the message.
type Inline struct{ p *Process }

// Inline returns p as a receiver that may run on the caller's goroutine.
func (p *Process) Inline() Inline { return Inline{p} }

// TryPost is Process.TryPost.
func (i Inline) TryPost(msg any) error {
	if err := i.p.offer(msg); err != nil {
		return err
	}
	i.run()
	return nil
}

// Post is Process.Post.
func (i Inline) Post(msg any) bool {
	if !i.p.put(msg) {
		return false
	}
	i.run()
	i.p.discardIfStopped()
	return true
}

// WaitPost is Process.WaitPost.
func (i Inline) WaitPost(msg any) error {
	err := i.p.enqueue(msg)
	if err == nil {
		i.run()
	}
	return err
}

func (i Inline) run() {
	if i.p.wake() {
		i.p.Sys.hooks.Inline(i.p)
	}
}
