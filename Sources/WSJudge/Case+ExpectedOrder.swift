import WSScenario

extension Case {
    /// The expected events of the conforming outcome that matches the longest prefix of what came.
    ///
    /// This matters where a Pong may overtake an echo: the Pong then takes no other event's place, and the echo is
    /// missing.
    func expectedOrder(_ counted: [Counted]) -> [ExpectedEvent] {
        let orders = scenario.behaviour.compactMap { outcome -> [ExpectedEvent]? in
            guard outcome.grade == .conforms else { return nil }
            switch outcome.pattern {
            // Where the connection just ends, what is due may come in any order, or not at all.
            case .events(let events) where !mustFail && scenario.conclusion != .awaitEnd:
                return events.flatMap(\.expandingPongs)
            case .events(let events), .pongsAhead(let events): return order(of: due(events, counted), asIn: counted)
            default: return nil
            }
        }
        var best = scenario.expectedEvents
        var longest = -1
        for order in orders {
            let length = zip(counted, order).prefix { comparison.isEqual($0.event, $1) }.count
            if length > longest { (best, longest) = (order, length) }
        }
        return best
    }

    /// The events that are due one by one.
    ///
    /// An empty Pong may be a heartbeat and is not counted where the peer has to fail, so that none is due.
    private func due(_ events: [ExpectedEvent], _ counted: [Counted]) -> [ExpectedEvent] {
        let all = events.flatMap(\.expandingPongs)
        guard mustFail, !counted.contains(where: { $0.event == .pong([]) }) else { return all }
        return all.filter { $0 != .pong(.empty) }
    }

    /// The order of expected events in which they came, where a Pong may come earlier than at its place.
    ///
    /// What has not come follows in its own order; if what came instead is a message, the next message is due first,
    /// and if it is a Pong, the next Pong.
    private func order(of events: [ExpectedEvent], asIn counted: [Counted]) -> [ExpectedEvent] {
        let pongs = events.indices.filter { events[$0].isPong }
        let others = events.indices.filter { !events[$0].isPong }
        var (nextPong, nextOther) = (0, 0)
        var order: [Int] = []
        for item in counted {
            let (list, next) = item.event.isPong ? (pongs, nextPong) : (others, nextOther)
            // So many other events stand before the Pong; if more have come, it is late.
            let isLate = item.event.isPong && next < list.count && nextOther > list[next] - next
            guard next < list.count, !isLate, comparison.isEqual(item.event, events[list[next]]) else {
                if next < list.count, !isLate, !item.event.isStillOpen { order.append(list[next]) }
                break
            }
            order.append(list[next])
            if item.event.isPong { nextPong += 1 } else { nextOther += 1 }
        }
        let taken = Set(order)
        return (order + events.indices.filter { !taken.contains($0) }).map { events[$0] }
    }
}

extension ObservedEvent {
    fileprivate var isPong: Bool { if case .pong = self { true } else { false } }
    fileprivate var isStillOpen: Bool { if case .stillOpen = self { true } else { false } }
}

extension ExpectedEvent {
    fileprivate var isPong: Bool { if case .pong = self { true } else { false } }
}
