package launch

import (
	"context"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

func TestLifeEndsWithTheLastUser(t *testing.T) {
	freed := 0
	l := NewLife(func() { freed++ })
	require.True(t, l.Hold())
	require.True(t, l.Close())
	require.False(t, l.Close())
	require.True(t, l.Closed())
	require.False(t, l.Hold(), "a closed life takes no new users")
	l.Keep()
	l.Drop()
	require.Zero(t, freed)
	l.Drop()
	require.Equal(t, 1, freed)
	require.False(t, l.Hold())
}

func TestLifeFreesOnceUnderRace(t *testing.T) {
	for range 200 {
		freed := 0 // the race detector sees a second free
		l := NewLife(func() { freed++ })
		var wg sync.WaitGroup
		for i := range 8 {
			wg.Go(func() {
				if i == 0 {
					l.Close()
					return
				}
				for range 50 {
					if !l.Hold() {
						return
					}
					if l.users.Load() <= 0 {
						t.Error("held and without users")
					}
					l.Drop()
				}
			})
		}
		wg.Wait()
		require.Equal(t, 1, freed)
	}
}

func TestDone(t *testing.T) {
	var d Done
	require.False(t, d.Over())
	ch := d.Chan()
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	require.ErrorIs(t, d.WaitContext(ctx), context.Canceled)
	go func() { time.Sleep(time.Millisecond); d.Finish() }()
	d.Wait()
	<-ch
	<-d.Chan()
	require.True(t, d.Over())
	require.NoError(t, d.WaitContext(ctx), "what is over is over, whatever the context says")
	d.Again()
	require.False(t, d.Over())
	d.Finish()
	require.NoError(t, d.WaitContext(context.Background()))
}

func TestWaitAllocatesNothing(t *testing.T) {
	var d Done
	require.Zero(t, testing.AllocsPerRun(100, func() {
		d.Finish()
		d.Wait()
		d.Again()
	}))
}

func TestArenaDoesNotMove(t *testing.T) {
	var a arena
	var given [][]byte
	for i := range 100 {
		b := a.copy([]byte{byte(i), 1, 2})
		require.Equal(t, 3, cap(b))
		given = append(given, b)
		a.copy(make([]byte, Inline))
	}
	for i, b := range given {
		require.Equal(t, []byte{byte(i), 1, 2}, b)
	}
	chunks := len(a.chunks)
	a.reset()
	require.Zero(t, testing.AllocsPerRun(10, func() {
		a.reset()
		for range 100 {
			a.copy(given[0])
		}
	}))
	require.Len(t, a.chunks, chunks, "chunks are kept")
}
