import TestSupport
import Testing
import WSLink
import WSModelPeer
import WSProtocol

/// What a defect is tried with, and what shows that it is there.
struct DefectTrial {
    var client: ScriptedClient
    var subprotocols: [String] = []
    /// Whether the conversation shows what the summary says.
    var shows: (Conversation) -> Bool

    /// After an ordinary handshake.
    init(_ frames: [UInt8]..., shows: @escaping (Conversation) -> Bool) {
        client = ScriptedClient([frames.flatMap(\.self)])
        self.shows = shows
    }

    /// After a handshake with this offer of compression.
    init(offering offer: String, _ frames: [UInt8]..., shows: @escaping (Conversation) -> Bool) {
        client = .offering(offer, frames)
        self.shows = shows
    }

    /// After a handshake that offers compression: the texts that come back, and the code of the server's Close frame.
    init(compressing frames: [UInt8]..., gives texts: String..., code: UInt16 = 1000) {
        client = .offering(frames)
        shows = { $0.texts == texts && $0.closeCode == code }
    }

    /// The frames that come back, Close reasons cut off.
    init(_ frames: [UInt8]..., gives expected: Conversation.Frame...) {
        client = ScriptedClient([frames.flatMap(\.self)])
        shows = { $0.plainFrames == expected }
    }

    /// With this handshake and a Close after it.
    init(
        handshake: HandshakeRequest,
        speaks subprotocols: [String] = [],
        shows: @escaping (Conversation) -> Bool
    ) {
        client = ScriptedClient([close()], request: handshake.encode())
        self.subprotocols = subprotocols
        self.shows = shows
    }

    /// With an ordinary handshake and a Close after it.
    static func answer(shows: @escaping (Conversation) -> Bool) -> Self {
        Self(handshake: ScriptedClient.handshake(), shows: shows)
    }

    /// With this change of the handshake's text.
    init(replacing old: String, by new: String, shows: @escaping (Conversation) -> Bool) {
        let text = String(decoding: ScriptedClient.handshake().encode(), as: UTF8.self)
        let parts = text.split(separator: old, maxSplits: 1, omittingEmptySubsequences: false)
        client = ScriptedClient([close()], request: Array(parts.joined(separator: new).utf8))
        self.shows = shows
    }

    func conversation(_ defects: Set<ModelDefect>) -> Conversation {
        Conversation(client, ModelServerSettings(subprotocols: subprotocols, defects: defects))
    }
}

@Suite("The defects of the model server") struct ModelDefectTests {
    @Test("do what their summaries say, and the server without them does not")
    func show() async {
        await Sweep.each(of: ModelDefect.allCases) { defect in
            if let trial = defect.streamTrial {
                #expect(trial.shows(trial.conversation([defect])), "\(defect.summary)")
                #expect(trial.shows(trial.conversation([])) == false, "\(defect.summary)")
                return
            }
            let trial = defect.trial
            let conversation = trial.conversation([defect])
            #expect(trial.shows(conversation), "\(defect.summary) \(conversation.plainFrames)")
            #expect(trial.shows(trial.conversation([])) == false, "\(defect.summary)")
        }
    }

    @Test("have a sentence of their own, requirements, and names in kebab case")
    func areDescribed() {
        let summaries = ModelDefect.allCases.map(\.summary)
        #expect(Set(summaries).count == summaries.count)
        for defect in ModelDefect.allCases {
            let hasEntry = defect.summary.hasSuffix(".") && defect.summary.count <= 100
            #expect(hasEntry, "\(defect) needs an Entry with one sentence in ModelDefect+Catalogue.swift")
            #expect(defect.requirements.isEmpty == false, "\(defect) needs the requirements that it violates there")
            #expect(defect.requirements.allSatisfy { $0.hasPrefix("RFC") || $0.hasPrefix("IANA") }, "\(defect)")
            let isKebab = defect.rawValue.allSatisfy { "abcdefghijklmnopqrstuvwxyz0123456789-".contains($0) }
            #expect(isKebab, "\(defect)")
        }
    }

    @Test("make a server break every rule that a server can break on the wire")
    func coverFrameRules() async {
        await Sweep.each(of: ViolationRule.allCases) { rule in
            guard rule != .unmaskedClientFrame else { return }
            let frames = [frame(.text, "Hello"), frame(.ping, "p"), close()]
            let isShown = ModelDefect.allCases.contains { defect in
                let settings = ModelServerSettings(defects: [defect])
                if rule != .invalidDeflate { return Conversation(frames, settings).violations.contains(rule) }
                let client = ScriptedClient.offering([compressed(helloDeflated)] + frames)
                return Conversation(client, settings).inflated.violations.contains(rule)
            }
            #expect(isShown, "\(rule.summary)")
        }
    }

    @Test("make a server break every rule of the handshake's answer")
    func coverHandshakeRules() async {
        await Sweep.each(of: HandshakeRule.allCases) { rule in
            guard rule.rawValue.hasPrefix("response-") else { return }
            let requests = [
                ScriptedClient.handshake(), ScriptedClient.handshake { $0.subprotocols = ["chat"] },
                ScriptedClient.handshake { $0.extensions = ["permessage-deflate"] },
            ]
            let isShown = ModelDefect.allCases.contains { defect in
                requests.contains { request in
                    let client = ScriptedClient([close()], request: request.encode())
                    let conversation = Conversation(client, ModelServerSettings(defects: [defect]))
                    guard let head = conversation.head else { return false }
                    return HandshakeRules.checkResponse(head, to: request).contains { $0.rule == rule }
                }
            }
            #expect(isShown, "\(rule)")
        }
    }

    @Test("never trap in any pair")
    func combine() async {
        await Sweep.each(of: ModelDefect.allCases) { defect in
            let frames = [
                frame(.ping, "p"), frame(.text, [0x61, 0xFF]), frame(.text, "a", fin: false), frame(.ping),
                frame(.continuation, "b"), frame(.binary, [1]), compressed(helloDeflated), compressed(helloAgain),
                frame(.text, "", rsv: 4), close(1005), frame(.text, "c"),
            ]
            let handshake = ScriptedClient.handshake { $0.extensions = ["permessage-deflate; client_max_window_bits"] }
            let octets = handshake.encode() + frames.flatMap(\.self)
            for other in ModelDefect.allCases {
                var server = ModelServer(ModelServerSettings(defects: [defect, other]))
                var actions: [LinkAction] = []
                for start in stride(from: 0, to: octets.count, by: 90) {
                    let end = min(start + 90, octets.count)
                    server.linkReceived(octets.span.extracting(start..<end), at: .zero, actions: &actions)
                }
                #expect(actions.isEmpty == false, "\(other)")
            }
        }
    }

    @Test("that end with a reset ask for one")
    func reset() {
        #expect(lastAction([.resetsOnBinary], [frame(.binary, [1])], timers: 0) == .reset)
        #expect(lastAction([.resetsAfterClose], [close()], timers: 1) == .reset)
        #expect(lastAction([], [close()], timers: 1) == .close)
    }

    /// What the server does last when it has read the frames and so many of its timers have fired.
    private func lastAction(_ defects: Set<ModelDefect>, _ frames: [[UInt8]], timers: Int) -> LinkAction? {
        var server = ModelServer(ModelServerSettings(defects: defects))
        var actions: [LinkAction] = []
        let octets = ScriptedClient.handshake().encode() + frames.flatMap(\.self)
        server.linkReceived(octets.span, at: .zero, actions: &actions)
        for _ in 0..<timers {
            let timer: LinkTimer? = actions.reversed().lazy.compactMap { action in
                if case .setTimer(let timer, _) = action { timer } else { nil }
            }.first
            guard let timer else { return nil }
            server.linkTimerFired(timer, at: .zero + .seconds(5), actions: &actions)
        }
        return actions.last
    }
}
