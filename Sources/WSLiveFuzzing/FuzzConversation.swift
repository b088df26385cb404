package import WSProtocol
package import WSScenario

/// A generated conversation before anything is said about its outcome: what the fuzzer makes, mutates and shrinks.
package struct FuzzConversation: Sendable, Hashable {
    /// How the opening handshake is written; nil for an ordinary one.
    package var handshake: FuzzHandshake?
    /// Whether permessage-deflate is negotiated.
    package var isCompressed: Bool
    /// The frames, valid or not; none of them is sent behind an unusual handshake.
    package var frames: [FrameToSend]

    /// Creates a conversation.
    package init(frames: [FrameToSend], isCompressed: Bool = false, handshake: FuzzHandshake? = nil) {
        self.frames = frames
        self.isCompressed = isCompressed
        self.handshake = handshake
    }

    /// The most frames of a conversation.
    package static let mostFrames = 16
    /// The most octets of all payloads.
    package static let mostOctets = 140_000

    /// The key that stands for a fresh one while a model reads the frames.
    private static let freshKey: UInt32 = 0x37FA_213D

    /// The frames from a scenario's script; nil if it has steps that no generated conversation has.
    package init?(_ scenario: Scenario) {
        var frames: [FrameToSend] = []
        for step in scenario.script {
            switch step {
            case .send(let frame): frames.append(frame)
            case .startClosingHandshake(let body, let pacing): frames.append(FrameToSend(.close, body, pacing: pacing))
            case .endOutput: break
            default: return nil
            }
        }
        switch scenario.opening {
        case .ordinary: isCompressed = false
        case .negotiating: isCompressed = true
        case .framesWithHandshake, .request, .response: return nil
        }
        self.frames = frames
        bound()
    }

    /// Cuts the conversation to its limits.
    package mutating func bound() {
        frames = Array(frames.prefix(Self.mostFrames))
        var room = Self.mostOctets
        for index in frames.indices {
            if frames[index].payload.count > room {
                frames[index].payload = .octets(Array(frames[index].payload.octets.prefix(room)))
            }
            room -= frames[index].payload.count
            let length = frames[index].claimedLength ?? UInt64(frames[index].payload.count)
            if length > frames[index].lengthEncoding.maximum { frames[index].lengthEncoding = .minimal }
        }
        // Nobody knows where the next frame begins behind one whose length is wrong.
        if let wrong = frames.firstIndex(where: { !$0.isExact }) { frames.removeSubrange((wrong + 1)...) }
    }

    // MARK: - Octets

    /// The octets of a frame as this role sends it.
    package static func octets(of frame: FrameToSend, sentBy sender: Role) -> [UInt8] {
        let key: UInt32? =
            switch frame.masking {
            case .ofRole: sender == .client ? freshKey : nil
            case .none: nil
            case .fresh: freshKey
            case .key(let key): key
            }
        let length = frame.claimedLength ?? UInt64(frame.payload.count)
        let header = FrameHeader(
            fin: frame.fin,
            rsv: frame.rsv & 7,
            opcode: frame.opcode,
            maskingKey: key.map { MaskingKey(rawValue: $0) },
            payloadLength: length,
            lengthEncoding: length <= frame.lengthEncoding.maximum ? frame.lengthEncoding : .minimal
        )
        var octets: [UInt8] = []
        let payload = frame.payload.octets
        header.encode(payload: payload.span, into: &octets)
        return octets
    }

    /// The octets of all frames, and where each of them ends.
    package func stream(sentBy sender: Role) -> (octets: [UInt8], ends: [Int]) {
        var octets: [UInt8] = []
        var ends: [Int] = []
        for frame in frames {
            octets += Self.octets(of: frame, sentBy: sender)
            ends.append(octets.count)
        }
        return (octets, ends)
    }

    /// How much there is of it, in frames, octets, unusual properties and writes; less is simpler.
    package var size: Int {
        let ofHandshake = handshake.map { 50 * ($0.rewritings.count + 1) } ?? 0
        return ofHandshake + (isCompressed ? 50 : 0)
            + frames.reduce(0) { sum, frame in
                sum + 100 + frame.payload.count + (frame.isExact ? 0 : 8) + frame.rsv.nonzeroBitCount * 8
                    + (frame.pacing == .together ? 0 : 4) + (frame.masking == .ofRole ? 0 : 2)
                    + (frame.lengthEncoding == .minimal ? 0 : 8) + (frame.fin ? 0 : 2)
            }
    }
}

extension FrameToSend {
    /// Whether the header has the length of the payload.
    package var isExact: Bool { claimedLength == nil || claimedLength == UInt64(payload.count) }
}
