import WSScenario
import WSTranscript

/// A change to the recording of a correct peer, as another peer, the network, the runner or the target could bring it.
struct Disturbance: Sendable {
    /// What is changed, for the text that is kept.
    let name: String
    /// Makes the change.
    let change: @Sendable (inout Transcript) -> Void

    /// How the connection ends, and when things come.
    static let ofTheEnd: [Disturbance] = [
        Disturbance(name: "reset") { $0.end(.reset) },
        Disturbance(name: "TCP ends without the closing message of TLS") { $0.end(.truncated) },
        Disturbance(name: "we end TCP") { $0.end(.closedHere) },
        Disturbance(name: "no connection") { transcript in
            transcript.events = []
            transcript.end(.notConnected("peer.example:80 refused the connection"))
        },
        Disturbance(name: "no TLS") { transcript in
            transcript.events.removeSubrange(min(1, transcript.events.count)...)
            transcript.end(.notSecured("peer.example:443 has another name"))
        },
        Disturbance(name: "TCP ends 1 s after everything else") { $0.delay(from: -1, by: 1_000) },
        Disturbance(name: "TCP ends 1.001 s after everything else") { $0.delay(from: -1, by: 1_001) },
        Disturbance(name: "we end TCP 5 s after everything else") { transcript in
            transcript.delay(from: -1, by: 5_000)
            transcript.end(.closedHere)
        },
        Disturbance(name: "the last three events come 1.5 s late") { $0.delay(from: -3, by: 1_500) },
        Disturbance(name: "what comes behind the opening comes 12 s late") { transcript in
            guard let opened = transcript.opening else { return }
            transcript.delay(from: opened + 1 - transcript.events.count, by: 12_000)
        },
        Disturbance(name: "it takes 12 s, without time limits") { transcript in
            transcript.header.waitsForever = true
            transcript.delay(from: -2, by: 12_000)
        },
        Disturbance(name: "no end was recorded") { transcript in
            transcript.events.removeAll { if case .ended = $0.kind { true } else { false } }
            transcript.isComplete = false
        },
        Disturbance(name: "no end, yet complete") { transcript in
            transcript.events.removeAll { if case .ended = $0.kind { true } else { false } }
            transcript.isComplete = true
        },
    ]

    /// What the peer sends.
    static let ofTheOctets: [Disturbance] = [
        Disturbance(name: "nothing comes") { $0.keepReceived { _, _ in false } },
        Disturbance(name: "nothing comes behind the opening") { transcript in
            let opened = transcript.opening ?? .max
            transcript.keepReceived { index, _ in index < opened }
        },
        Disturbance(name: "nothing comes, and we give up") { transcript in
            let opened = transcript.opening ?? .max
            transcript.keepReceived { index, _ in index < opened }
            transcript.insert(.gaveUp(.deadline), before: -1)
            transcript.end(.closedHere)
        },
        Disturbance(name: "the last octets are lost") { transcript in
            let last = transcript.lastReceived
            transcript.keepReceived { index, _ in index != last }
        },
        Disturbance(name: "one octet is lost") { transcript in
            transcript.changeReceived(at: transcript.lastReceived) { $0 = Array($0.dropLast()) }
        },
        Disturbance(name: "the last octets come twice") { transcript in
            transcript.changeReceived(at: transcript.lastReceived) { $0 += $0 }
        },
        Disturbance(name: "the last octet is another one") { transcript in
            transcript.changeReceived(at: transcript.lastReceived) { octets in
                if let last = octets.last { octets[octets.count - 1] = last ^ 1 }
            }
        },
        Disturbance(name: "RSV2 is set") { transcript in
            transcript.changeReceived(at: transcript.firstReceivedInside) { octets in
                if let first = octets.first { octets[0] = first ^ 0x20 }
            }
        },
        Disturbance(name: "FIN is turned") { transcript in
            transcript.changeReceived(at: transcript.firstReceivedInside) { octets in
                if let first = octets.first { octets[0] = first ^ 0x80 }
            }
        },
        Disturbance(name: "text for binary, Pong for Ping") { transcript in
            transcript.changeReceived(at: transcript.firstReceivedInside) { octets in
                if let first = octets.first { octets[0] = first ^ 3 }
            }
        },
        Disturbance(name: "a message, a Ping and a Pong come first") { transcript in
            transcript.changeReceived(at: transcript.firstReceivedInside) { octets in
                octets = [0x81, 0x02, 0x68, 0x69, 0x89, 0x01, 0x70, 0x8A, 0x01, 0x71] + octets
            }
        },
        Disturbance(name: "a Close frame with 1009 comes first") { transcript in
            transcript.changeReceived(at: transcript.firstReceivedInside) { $0 = [0x88, 0x02, 0x03, 0xF1] + $0 }
        },
        Disturbance(name: "a Close frame with 4321 and a text comes for everything") { transcript in
            let first = transcript.firstReceivedInside
            transcript.keepReceived { index, isInside in !isInside || index == first }
            transcript.changeReceived(at: first) { $0 = [0x88, 0x05, 0x10, 0xE1, 0x62, 0x79, 0x65] }
        },
        Disturbance(name: "HTTP comes behind everything") { transcript in
            transcript.changeReceived(at: transcript.lastReceived) { $0 += Array("HTTP/1.1 400 Bad\r\n\r\n".utf8) }
        },
        Disturbance(name: "we give up at once, and it all comes then") { transcript in
            guard let opened = transcript.opening else { return }
            transcript.insert(.gaveUp(.deadline), before: opened + 1 - transcript.events.count)
        },
        Disturbance(name: "it all comes before what we sent") { transcript in
            guard let opened = transcript.opening else { return }
            let inside = Array(transcript.events[(opened + 1)...])
            let isReceived: (TranscriptEvent) -> Bool = { if case .received = $0.kind { true } else { false } }
            transcript.events.replaceSubrange(
                (opened + 1)...,
                with: inside.filter(isReceived) + inside.filter { !isReceived($0) }
            )
        },
        Disturbance(name: "each piece of what comes is cut into octets") { transcript in
            transcript.cutReceived()
        },
    ]

    /// What the peer's part of the opening handshake is.
    static let ofTheOpening: [Disturbance] = [
        Disturbance(name: "503 in place of the opening") { $0.open("HTTP/1.1 503 Busy\r\nRetry-After: 1\r\n\r\n") },
        Disturbance(name: "426 in place of the opening") { transcript in
            transcript.open("HTTP/1.1 426 Old\r\nSec-WebSocket-Version: 13, 8\r\nContent-Length: 2\r\n\r\nno")
        },
        Disturbance(name: "401 without a challenge, and TCP stays open") { transcript in
            transcript.open("HTTP/1.1 401 Who\r\nConnection: close\r\n\r\nwho are you?")
            transcript.insert(.gaveUp(.deadline), before: -1)
            transcript.end(.closedHere)
        },
        Disturbance(name: "no HTTP in place of the opening") { $0.open("\u{16}\u{3}\u{1}junk\r\n\r\n") },
        Disturbance(name: "half a head in place of the opening") { $0.open("HTTP/1.1 101 Swi") },
        Disturbance(name: "100, 102 and 103 before the opening") { transcript in
            transcript.changeReceived(at: transcript.firstReceived) { octets in
                octets =
                    ["100 Continue", "102 Processing", "103 Early Hints"].flatMap {
                        Array("HTTP/1.1 \($0)\r\nX: y\r\n\r\n".utf8)
                    } + octets
            }
        },
        Disturbance(name: "more fields") { transcript in
            transcript.addFields([
                "Sec-WebSocket-Protocol: other,,chat", "Sec-WebSocket-Extensions: x-none; a=1, permessage-deflate; foo",
                "Content-Length: 0", "Origin: http://a.example/b", "X-Empty:",
            ])
        },
        Disturbance(name: "fields twice") { transcript in
            transcript.addFields([
                "Host: other.example", "Upgrade: h2c", "Connection: close", "Sec-WebSocket-Version: 8",
                "Sec-WebSocket-Accept: AAAA", "Sec-WebSocket-Key: AAAA",
            ])
        },
        Disturbance(name: "malformed fields") { transcript in
            transcript.addFields(["Date : now", " folded: x", "no colon", "X: a\u{B}b", "Sec-WebSocket-Version: 013"])
        },
        Disturbance(name: "fields that end in LF") { transcript in
            transcript.changeReceived(at: transcript.firstReceived) { octets in
                octets = octets.prefix(300).filter { $0 != 0x0D } + octets.dropFirst(300)
            }
        },
    ]

    /// What the runner and the target do.
    static let ofTheRun: [Disturbance] = [
        Disturbance(name: "what came could not become right") { $0.insert(.gaveUp(.mismatch), before: -2) },
        Disturbance(name: "another Pong") { $0.insert(.gaveUp(.wrongPong), before: -2) },
        Disturbance(name: "too late") { $0.insert(.gaveUp(.deadline), before: -2) },
        Disturbance(name: "it took too long") { $0.insert(.gaveUp(.tookTooLong), before: -2) },
        Disturbance(name: "a flood") { $0.insert(.gaveUp(.flood), before: -2) },
        Disturbance(name: "a late barrier is answered") { transcript in
            transcript.insert(.lateBarrierSent(payload: Array(repeating: 7, count: 16)), before: -2)
            transcript.insert(.lateBarrierAnswered, before: -2)
        },
        Disturbance(name: "the target dies") { transcript in
            transcript.insert(.targetDied, before: -1)
            let usage = TargetObservation.Usage(residentBefore: 1, residentPeak: 2, processor: 3, elapsed: 4)
            transcript.insert(.target(TargetObservation(ending: .signalled("SIGSEGV"), usage: usage)), before: -1)
        },
        Disturbance(name: "the target reports an error, and takes memory and time") { transcript in
            let usage = TargetObservation.Usage(
                residentBefore: 1 << 20,
                residentPeak: 1 << 32,
                processor: 9_000_000_000,
                elapsed: 10_000_000_000
            )
            transcript.insert(.target(TargetObservation(sanitizer: "heap-use-after-free", usage: usage)), before: -1)
        },
        Disturbance(name: "others wait") { $0.insert(.concurrentConnections(open: 3, others: 8), before: -1) },
        Disturbance(name: "four times as long") { transcript in
            transcript.insert(.compared(half: 300_000_000, whole: 1_300_000_000), before: -1)
        },
        Disturbance(name: "the message came back alone, in one frame and in many") { transcript in
            for (isText, frames) in [(true, 1), (false, 1), (true, 200), (false, 200)] {
                let trial = MessageTrial(isText: isText, length: 126, frames: frames, cameBack: true)
                transcript.insert(.tried(trial), before: -1)
            }
        },
        Disturbance(name: "the message came back as text alone") { transcript in
            for isText in [true, false] {
                let trial = MessageTrial(isText: isText, length: 5, frames: 1, cameBack: isText)
                transcript.insert(.tried(trial), before: -1)
            }
        },
        Disturbance(name: "it was not busy") { $0.insert(.notBusy, before: -1) },
        Disturbance(name: "the key came before") { $0.insert(.repeatedKey(connections: 2), before: -1) },
        Disturbance(name: "an application that sends what it likes") { transcript in
            transcript.header.ignoresMessages = true
            transcript.header.application = ObservedApplication(text: .other, binary: .refusal, speaks: true)
        },
        Disturbance(name: "silent application") { transcript in
            transcript.header.application = ObservedApplication(text: .silence, binary: .silence)
        },
        Disturbance(name: "we speak chat") { $0.header.subprotocols = ["chat", "superchat"] },
        Disturbance(name: "another effort and another seed") { transcript in
            transcript.header.effort = Effort.full.rawValue
            transcript.header.seed = 99
        },
        Disturbance(name: "TLS speaks HTTP/2") { transcript in
            let security = TranscriptSecurity(
                version: "TLSv1.3",
                cipher: "TLS_AES_128_GCM_SHA256",
                serverName: "127.0.0.1",
                offeredProtocols: ["h2", "http/1.1"],
                applicationProtocol: "h2"
            )
            guard !transcript.events.isEmpty else { return }
            let event = TranscriptEvent(time: transcript.events[0].time, kind: .mark(.secured(security)))
            transcript.events.insert(event, at: 1)
        },
    ]
}

extension Transcript {
    /// The index of the mark of the opened connection.
    fileprivate var opening: Int? { events.firstIndex { $0.kind == .mark(.opened) } }

    private var received: [Int] {
        events.indices.filter { if case .received = events[$0].kind { true } else { false } }
    }

    /// The index of the last event in which octets came; -1 where there is none.
    fileprivate var lastReceived: Int { received.last ?? -1 }

    /// The index of the first event in which octets of frames came; -1 where there is none.
    fileprivate var firstReceivedInside: Int {
        guard let opening else { return -1 }
        return received.first { $0 > opening } ?? -1
    }

    /// The index of the first event in which octets came; -1 where there is none.
    fileprivate var firstReceived: Int { received.first ?? -1 }

    /// Has the peer send this alone, so that no connection is opened.
    fileprivate mutating func open(_ text: String) {
        let first = firstReceived
        keepReceived { index, _ in index == first }
        if let opening { events.removeSubrange(opening..<max(opening, events.count - 1)) }
        changeReceived(at: firstReceived) { $0 = Array(text.utf8) }
    }

    /// Adds lines to the end of the first head that came.
    fileprivate mutating func addFields(_ lines: [String]) {
        changeReceived(at: firstReceived) { octets in
            let place = octets.indices.first { octets[$0...].starts(with: [0x0D, 0x0A, 0x0D, 0x0A]) }
            guard let place else { return }
            octets.insert(contentsOf: lines.map { "\r\n\($0)" }.joined().utf8, at: place)
        }
    }

    /// Replaces how the connection ends.
    fileprivate mutating func end(_ end: TranscriptEnd) {
        let time = events.last?.time ?? 0
        events.removeAll { if case .ended = $0.kind { true } else { false } }
        events.append(TranscriptEvent(time: time, kind: .ended(end)))
    }

    /// Lets the last events, whose first one is so far from the end, come later.
    fileprivate mutating func delay(from index: Int, by milliseconds: Int64) {
        for place in max(0, events.count + index)..<events.count { events[place].time += milliseconds * 1_000_000 }
    }

    /// Adds a mark before the event that is so far from the end.
    fileprivate mutating func insert(_ mark: TranscriptMark, before index: Int) {
        let place = max(0, events.count + index)
        let time = place < events.count ? events[place].time : 0
        events.insert(TranscriptEvent(time: time, kind: .mark(mark)), at: place)
    }

    /// Leaves out what came, but for what is kept by its index and by whether it came behind the opening.
    fileprivate mutating func keepReceived(_ isKept: (Int, Bool) -> Bool) {
        let opened = opening ?? .max
        let dropped = Set(received.filter { !isKept($0, $0 > opened) })
        events = events.indices.filter { !dropped.contains($0) }.map { events[$0] }
        restoreOffsets()
    }

    /// Changes the octets that came with one event.
    fileprivate mutating func changeReceived(at index: Int, _ change: (inout [UInt8]) -> Void) {
        guard events.indices.contains(index), case .received(let offset, var parts) = events[index].kind else { return }
        let place = parts.firstIndex { if case .octets = $0 { true } else { false } }
        guard let place, case .octets(var octets) = parts[place] else { return }
        change(&octets)
        parts[place] = .octets(octets)
        events[index].kind = .received(offset: offset, parts)
        restoreOffsets()
    }

    /// Has each octet come with an event of its own, unless there are very many.
    fileprivate mutating func cutReceived() {
        events = events.flatMap { event -> [TranscriptEvent] in
            guard case .received(let offset, let parts) = event.kind, parts.count == 1,
                case .octets(let octets) = parts[0], octets.count <= 1_000
            else { return [event] }
            return octets.enumerated().map { index, octet in
                TranscriptEvent(time: event.time, kind: .received(offset: offset + UInt64(index), [.octets([octet])]))
            }
        }
    }

    /// Numbers what came anew.
    private mutating func restoreOffsets() {
        var next: UInt64 = 0
        for index in events.indices {
            guard case .received(_, let parts) = events[index].kind else { continue }
            events[index].kind = .received(offset: next, parts)
            next += UInt64(parts.reduce(0) { $0 + $1.count })
        }
    }
}
