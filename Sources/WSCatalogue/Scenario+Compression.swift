import WSProtocol
import WSScenario

/// Scenarios of messages on a connection that has agreed on permessage-deflate (RFC 7692).
extension Scenario {
    /// Creates a scenario of valid messages that have to come back, compressed or not.
    ///
    /// - Parameters:
    ///   - slug: The id after `compression/`.
    ///   - title: One line that says what is tried.
    ///   - chapter: The entry in the list of ideas; nil for none.
    ///   - rules: The requirements after the main one.
    ///   - need: What our messages need.
    ///   - opening: How the handshake negotiates.
    ///   - targets: The roles that can be under test.
    ///   - tags: Words for selecting it.
    ///   - references: The defects that it detects.
    ///   - script: The steps.
    ///   - events: What has to come back.
    ///   - main: The main requirement.
    /// - Returns: The scenario, for both roles by default.
    static func inflated(
        _ slug: String,
        _ title: String,
        _ chapter: String?,
        _ rules: [String] = [],
        need: CompressionNeed = CompressionNeed(),
        opening: CompressionOpening = CompressionOpening(),
        targets: [Role] = [.client, .server],
        tags: [Scenario.Tag] = [],
        references: [KnownDefect] = [],
        _ script: [Step],
        _ events: [ExpectedEvent],
        over main: String = "RFC7692-6.2-01"
    ) -> Scenario {
        let pongs = events.contains { if case .pong = $0 { true } else { false } }
        let others = ["RFC7692-7.2.2-01"] + (pongs ? ["RFC6455-5.5.2-02", "RFC6455-5.4-08"] : [])
        return Scenario(
            id: "compression/\(slug)",
            title: title,
            requirements: .unique([main, "RFC7692-6.2-01"] + rules + others),
            targets: targets,
            needs: .echo,
            tags: tags,
            chapter: chapter,
            references: references,
            compression: need,
            opening: .negotiating(opening),
            script: script,
            conclusion: .closeWhenComplete,
            behaviour: pongs ? .answersWithPongs(events) : .answers(events),
            closing: .answersNormalClose
        )
    }

    /// Creates a scenario of whole messages, each in one frame, which have to come back.
    static func inflated(
        _ slug: String,
        _ title: String,
        _ chapter: String?,
        _ rules: [String] = [],
        need: CompressionNeed = CompressionNeed(),
        tags: [Scenario.Tag] = [],
        references: [KnownDefect] = [],
        messages: [CompressedMessage],
        over main: String = "RFC7692-6.2-01"
    ) -> Scenario {
        inflated(
            slug,
            title,
            chapter,
            rules,
            need: need,
            tags: tags,
            references: references,
            messages.map(\.step),
            messages.map(\.echo),
            over: main
        )
    }

    /// Creates a scenario of frames over which the peer has to fail the connection.
    ///
    /// - Parameters:
    ///   - slug: The id after `compression/`.
    ///   - title: One line that says what is tried.
    ///   - chapter: The entry in the list of ideas; nil for none.
    ///   - requirements: The requirements, of which the peer violates the first one if it goes on.
    ///   - need: What our messages need.
    ///   - opening: How the handshake negotiates.
    ///   - targets: The roles that can be under test.
    ///   - references: The defects that it detects.
    ///   - frames: The frames, sent in one write.
    ///   - events: What has to come back before; without any, nothing may come back.
    ///   - closing: How the connection may end.
    /// - Returns: The scenario, for both roles by default.
    static func refusedCompressed(
        _ slug: String,
        _ title: String,
        _ chapter: String?,
        _ requirements: [String],
        need: CompressionNeed = CompressionNeed(),
        opening: Opening = .negotiating(CompressionOpening()),
        targets: [Role] = [.client, .server],
        references: [KnownDefect] = [],
        _ frames: [FrameToSend],
        after events: [ExpectedEvent] = [],
        closing: [Outcome<ClosingPattern>] = .fails(with: 1002)
    ) -> Scenario {
        Scenario(
            id: "compression/\(slug)",
            title: title,
            requirements: .unique(requirements),
            targets: targets,
            needs: events.isEmpty ? .nothing : .echo,
            chapter: chapter,
            references: references,
            compression: need,
            opening: opening,
            script: frames.map { .send($0) },
            conclusion: .peerFails(lateBarrier: true),
            behaviour: events.isEmpty ? .failsIgnoringTheRest : .fails(after: events),
            closing: closing
        )
    }

    /// Creates a scenario of frames whose meaning the text leaves open, so that nothing fails who survives them.
    ///
    /// - Parameters:
    ///   - slug: The id after `compression/`.
    ///   - title: One line that says what is tried.
    ///   - chapter: The entry in the list of ideas; nil for none.
    ///   - rules: The requirements.
    ///   - need: What our messages need.
    ///   - opening: How the handshake negotiates.
    ///   - references: The defects that it detects.
    ///   - script: The steps.
    ///   - good: What comes back, all or some of it, from a peer about which nothing is to be said; nothing if it is
    ///     best to fail the connection.
    ///   - why: What the text leaves open, as the reason for everything else.
    /// - Returns: The scenario, for both roles.
    static func leftOpenCompressed(
        _ slug: String,
        _ title: String,
        _ chapter: String?,
        _ rules: [String],
        need: CompressionNeed = CompressionNeed(),
        opening: CompressionOpening = CompressionOpening(),
        references: [KnownDefect] = [],
        _ script: [Step],
        good: [ExpectedEvent],
        _ why: String
    ) -> Scenario {
        Scenario(
            id: "compression/\(slug)",
            title: title,
            requirements: rules,
            needs: good.isEmpty ? .nothing : .echo,
            tags: [.ambiguous],
            chapter: chapter,
            references: references,
            compression: need,
            opening: .negotiating(opening),
            script: script,
            conclusion: good.isEmpty ? .peerFails(lateBarrier: true) : .closeWhenComplete,
            behaviour: [.conforms(.events(good))] + (good.isEmpty ? [] : [.conforms(.someOf(good))]) + [
                .informational(.anything, why)
            ],
            closing: (good.isEmpty ? [] : [.conforms(.peerReplies(codes: [1000, 1005]))]) + [
                .conforms(.peerCloses(codes: [1002, 1007])), .informational(.anything, why),
            ]
        )
    }

    /// Creates a scenario of uncompressed messages whose echoes show whether the peer compresses as was agreed on.
    ///
    /// Rules over every conversation look at how the echoes are compressed; they decide the case, because it cites what
    /// they check.
    ///
    /// - Parameters:
    ///   - slug: The id after `compression/`.
    ///   - title: One line that says what is tried.
    ///   - chapter: The entry in the list of ideas; nil for none.
    ///   - rules: The requirements after the main one, which is that messages are read.
    ///   - targets: The roles that can be under test.
    ///   - opening: How the handshake negotiates.
    ///   - opcode: The type of the messages.
    ///   - references: The defects that it detects.
    ///   - messages: The messages.
    /// - Returns: The scenario.
    static func keepingTo(
        _ slug: String,
        _ title: String,
        _ chapter: String?,
        _ rules: [String],
        targets: [Role] = [.client, .server],
        opening: CompressionOpening = CompressionOpening(),
        opcode: Opcode = .text,
        references: [KnownDefect] = [],
        _ messages: [Payload]
    ) -> Scenario {
        Scenario(
            id: "compression/\(slug)",
            title: title,
            requirements: .unique(["RFC7692-6.2-02"] + rules),
            targets: targets,
            needs: .echo,
            chapter: chapter,
            references: references,
            compression: CompressionNeed(),
            opening: .negotiating(opening),
            script: messages.map { .send(FrameToSend(opcode, $0)) },
            conclusion: .closeWhenComplete,
            behaviour: .answers(messages.map { .message(opcode, $0) }),
            closing: .answersNormalClose
        )
    }
}

extension [String] {
    /// The ids without those that stood before.
    static func unique(_ ids: [String]) -> Self {
        ids.reduce(into: []) { if !$0.contains($1) { $0.append($1) } }
    }
}
