package import WSProtocol

/// Messages that are sent one after the other, each after the echo of the previous one.
package struct EchoLoop: Sendable, Hashable, Codable {
    /// Text or binary.
    package var opcode: Opcode
    /// The payload of the first message, and of each other one if it is not sample data.
    package var payload: Payload
    /// The number of messages with full effort.
    package var fullCount: Int
    /// The number of messages with quick effort.
    package var quickCount: Int
    /// After how many messages the first payload comes again; nil if each message has it.
    ///
    /// In between, each message has the slice of the sample data behind that of the message before.
    package var turn: Int?
    /// How the messages are compressed; nil if they are not.
    package var compression: Compression?

    /// How the messages of a loop are compressed (RFC 7692, 6.1).
    package struct Compression: Sendable, Hashable, Codable {
        /// The number of octets in each frame, counted in the compressed payload; nil if a message is one frame.
        package var fragmentLength: Int?

        /// Creates a description.
        package init(fragmentLength: Int? = nil) {
            self.fragmentLength = fragmentLength
        }
    }

    /// Creates a loop.
    package init(
        _ opcode: Opcode,
        _ payload: Payload,
        fullCount: Int,
        quickCount: Int,
        turn: Int? = nil,
        compression: Compression? = nil
    ) {
        self.opcode = opcode
        self.payload = payload
        self.fullCount = fullCount
        self.quickCount = quickCount
        self.turn = turn
        self.compression = compression
    }

    /// The number of messages with this effort.
    package func count(at effort: Effort) -> Int {
        effort == .full ? fullCount : quickCount
    }

    /// The frames of a compressed message that takes this many octets with its headers, and the length of its payload.
    package func frames(ofLength length: UInt64, sentBy sender: Role) -> (count: Int, payloadLength: UInt64) {
        func whole(_ payload: UInt64) -> UInt64 {
            let key = sender == .client ? MaskingKey(rawValue: 0) : nil
            return UInt64(FrameHeader(opcode: opcode, maskingKey: key, payloadLength: payload).encodedLength) + payload
        }
        // A longer payload never has a shorter header.
        func payload(of length: UInt64) -> UInt64 {
            var payload = length - min(length, 14)
            while payload < length, whole(payload) < length { payload += 1 }
            return payload
        }
        guard let fragmentLength = compression?.fragmentLength.map({ UInt64(max(1, $0)) }),
            length > whole(fragmentLength)
        else { return (1, payload(of: length)) }
        // All frames but the last are full, and the last may be empty.
        let full = length / whole(fragmentLength)
        return (Int(clamping: full) + 1, full * fragmentLength + payload(of: length % whole(fragmentLength)))
    }

    /// The payload of a message.
    package func payload(ofMessage index: Int) -> Payload {
        guard let turn, turn > 0, case .sample(let slice) = payload else { return payload }
        return .sample(slice.moved(by: index % turn))
    }

    /// The payloads of all messages, each once, in the order in which they are first sent.
    package var payloads: [Payload] {
        guard let turn else { return [payload] }
        return (0..<max(1, min(turn, fullCount))).map { payload(ofMessage: $0) }
    }
}

extension Scenario {
    /// The loop of its script; nil if it has none.
    package var echoLoop: EchoLoop? {
        for case .echoLoop(let loop) in script { return loop }
        return nil
    }

    /// Whether Autobahn compares the echoes only by type and length; it compares the octets of compressed ones.
    package var comparesEchoesByLength: Bool { isLoad && echoLoop?.compression == nil }
}

extension Scenario {
    /// The scenario as a run with this seed plays it: its sample data are those of the seed.
    package func seeded(_ seed: UInt64) -> Scenario {
        guard case .sample(let slice)? = echoLoop?.payload, slice.seed != seed else { return self }
        var scenario = self
        scenario.script = script.map { step in
            guard case .echoLoop(var loop) = step else { return step }
            loop.payload = loop.payload.seeded(seed)
            return .echoLoop(loop)
        }
        for index in behaviour.indices {
            if case .events(let events) = behaviour[index].pattern {
                scenario.behaviour[index].pattern = .events(events.map { $0.seeded(seed) })
            }
        }
        for index in scenario.autobahn?.expected.indices ?? 0..<0 {
            scenario.autobahn?.expected[index].events = autobahn?.expected[index].events.map { $0.seeded(seed) } ?? []
        }
        return scenario
    }
}

extension ExpectedEvent {
    fileprivate func seeded(_ seed: UInt64) -> ExpectedEvent {
        switch self {
        case .message(let opcode, let payload): .message(opcode, payload.seeded(seed))
        case .echoes(let opcode, let payload): .echoes(opcode, payload.seeded(seed))
        case .pong, .stillOpen, .numberedPongs: self
        }
    }
}

extension Payload {
    fileprivate func seeded(_ seed: UInt64) -> Payload {
        guard case .sample(var slice) = self else { return self }
        slice.seed = seed
        return .sample(slice)
    }
}
