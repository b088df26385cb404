import TestSupport
import Testing
import WSHTTP2

@Suite struct `HTTP/2 stream states` {
    /// A step of a stream: a frame, END_STREAM, or a promise.
    enum Step: Sendable, Hashable {
        case frame(HTTP2FrameType, HTTP2Direction)
        case end(HTTP2Direction)
        case promise(HTTP2Direction)
    }

    static func machine(_ steps: [Step]) -> HTTP2StreamMachine {
        var machine = HTTP2StreamMachine()
        for step in steps {
            switch step {
            case .frame(let type, let direction): #expect(machine.take(type, direction) == nil)
            case .end(let direction): machine.end(direction)
            case .promise(let direction): machine.reserve(direction)
            }
        }
        return machine
    }

    /// How each state is reached.
    static let ways: [(state: HTTP2StreamState, steps: [Step])] = [
        (.idle, []),
        (.reservedLocal, [.promise(.sent)]),
        (.reservedRemote, [.promise(.received)]),
        (.open, [.frame(.headers, .sent)]),
        (.open, [.frame(.headers, .received), .frame(.data, .sent)]),
        (.halfClosedLocal, [.frame(.headers, .sent), .end(.sent)]),
        (.halfClosedLocal, [.promise(.received), .frame(.headers, .received)]),
        (.halfClosedRemote, [.frame(.headers, .received), .end(.received)]),
        (.halfClosedRemote, [.promise(.sent), .frame(.headers, .sent)]),
        (.closed(.ended), [.frame(.headers, .sent), .end(.sent), .end(.received)]),
        (.closed(.ended), [.frame(.headers, .received), .end(.received), .end(.sent)]),
        (.closed(.resetSent), [.frame(.headers, .received), .frame(.resetStream, .sent)]),
        (.closed(.resetSent), [.promise(.received), .frame(.resetStream, .sent)]),
        (.closed(.resetReceived), [.frame(.headers, .sent), .end(.sent), .frame(.resetStream, .received)]),
    ]

    @Test func `Each state is reached as in the picture of section 5.1`() {
        for way in Self.ways { #expect(Self.machine(way.steps).state == way.state) }
    }

    /// What may come in each state: first what the endpoint sends, then what it receives.
    static let allowed: [(HTTP2StreamState, sent: Set<HTTP2FrameType>, received: Set<HTTP2FrameType>)] = [
        (.idle, [.headers], [.headers]),
        (.reservedLocal, [.headers, .resetStream], [.resetStream, .windowUpdate]),
        (.reservedRemote, [.resetStream, .windowUpdate], [.headers, .resetStream]),
        (.open, all, all),
        (.halfClosedLocal, [.windowUpdate, .resetStream], all),
        (.halfClosedRemote, all, [.windowUpdate, .resetStream]),
        (.closed(.ended), [], [.windowUpdate, .resetStream]),
        (.closed(.resetSent), [.resetStream], all),
        (.closed(.resetReceived), [], [.resetStream]),
    ]

    static let all: Set<HTTP2FrameType> = [.data, .headers, .resetStream, .pushPromise, .windowUpdate]

    @Test
    func `Each state takes the frames of section 5.1 and no others`() async {
        await Sweep.each(of: Self.ways.map(\.steps)) { steps in
            let state = Self.machine(steps).state
            guard let row = Self.allowed.first(where: { $0.0 == state }) else {
                Issue.record("no row for \(state)")
                return
            }
            for type in Self.all {
                for direction in HTTP2Direction.allCases {
                    var machine = Self.machine(steps)
                    let rule = machine.take(type, direction)
                    let isAllowed = (direction == .sent ? row.sent : row.received).contains(type)
                    #expect((rule == nil) == isAllowed, "\(type.name) \(direction) in \(state)")
                    if rule != nil { #expect(machine.state == state, "what does not fit changes nothing") }
                }
            }
        }
    }

    @Test func `PRIORITY and unknown frames fit every state`() {
        for way in Self.ways {
            for direction in HTTP2Direction.allCases {
                var machine = Self.machine(way.steps)
                #expect(machine.take(.priority, direction) == nil)
                #expect(machine.take(HTTP2FrameType(rawValue: 99), direction) == nil)
                #expect(machine.state == way.state)
            }
        }
    }

    @Test func `RST_STREAM ends what is open, whoever sends it`() {
        for way in Self.ways where way.state.isActive {
            var sent = Self.machine(way.steps)
            #expect(sent.take(.resetStream, .sent) == nil)
            #expect(sent.state == .closed(.resetSent))
            var received = Self.machine(way.steps)
            #expect(received.take(.resetStream, .received) == nil)
            #expect(received.state == .closed(.resetReceived))
        }
    }

    @Test func `What comes behind END_STREAM is a stream error, on an idle stream one of the connection`() {
        var machine = Self.machine([.frame(.headers, .received), .end(.received)])
        let rule = machine.take(.data, .received)
        #expect(rule == .frameAfterEndStream)
        #expect(rule?.due(onStream: true) == HTTP2Due(.stream, .streamClosed))
        var idle = HTTP2StreamMachine()
        #expect(idle.take(.data, .received)?.due(onStream: true) == HTTP2Due(.connection, .protocolError))
    }
}
