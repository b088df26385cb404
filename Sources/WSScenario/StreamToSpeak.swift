/// How a scenario wants HTTP/2 to be spoken; such a scenario makes sense only on ``Transport/http2``.
///
/// The WebSocket is on stream 1 of a connection of its own; a client under test may choose another stream, for which
/// stream 1 stands in frames of ours. Values without arguments are those of every other conversation over HTTP/2, but
/// for the PING that asks at the end whether the connection lives.
package struct StreamToSpeak: Sendable, Hashable, Codable {
    /// Settings that our first SETTINGS frame has besides the usual ones, or instead of those of the same identifier.
    ///
    /// To a client under test they are sent at a port of the scenario's own (``ClientAction/openOverHTTP2``).
    package var settings: [Setting]
    /// The numbers of usual settings that our first SETTINGS frame does not have.
    package var leavesOut: [UInt16] = []
    /// Settings of a second SETTINGS frame, ``lateness`` after the first; only to a client under test.
    package var lateSettings: [Setting] = []
    /// What a client's request is answered with; nil for the usual response.
    package var answer: Answer?
    /// The field lines of the request; nil for those of every other conversation.
    package var request: [Line]?
    /// Whether the stream ends behind our request: its HEADERS frame has END_STREAM.
    package var endsRequest: Bool
    /// Whether we give back to the window of the stream what we read; otherwise the script alone does.
    package var givesCredit: Bool
    /// How many other WebSockets play the same scenario on the same connection.
    package var companions: Int
    /// Whether others do on as many further streams as the server takes at a time, so that one stream is too many.
    package var exceedsLimit: Bool
    /// Frames that follow once the stream has ended.
    package var afterwards: [UInt8]

    /// The largest number of streams at a time of which a scenario exceeds the limit.
    package static let mostStreams = 200
    /// How many milliseconds after the first a second SETTINGS frame is sent.
    package static let lateness = 1_000

    /// What a client's request is answered with.
    package enum Answer: Sendable, Hashable, Codable {
        /// A header section, and nothing behind it if `endsStream` is true.
        case fields([Line], endsStream: Bool)
        /// These frames, behind which we send nothing more on the stream.
        case frames([UInt8])

        /// Whether the response accepts the request: its status is 2xx, its names are well-formed, and the stream goes
        /// on.
        package var accepts: Bool {
            guard case .fields(let lines, endsStream: false) = self,
                lines.allSatisfy({ $0.name == $0.name.lowercased() }),
                let status = lines.first(where: { $0.name == ":status" }).flatMap({ Int($0.value) })
            else { return false }
            return (200...299).contains(status)
        }
    }

    /// A setting (RFC 9113, 6.5.1).
    package struct Setting: Sendable, Hashable, Codable {
        /// Its number.
        package var identifier: UInt16
        /// Its value.
        package var value: UInt32

        /// Creates a setting.
        package init(_ identifier: UInt16, _ value: UInt32) {
            self.identifier = identifier
            self.value = value
        }
    }

    /// A field line, whose name and value are written as they are but for ``Placeholder``s in the value.
    package struct Line: Sendable, Hashable, Codable {
        /// The name.
        package var name: String
        /// The value.
        package var value: String

        /// Creates a line.
        package init(_ name: String, _ value: String) {
            self.name = name
            self.value = value
        }

        /// The place of the field lines that the user asked for, subprotocols among them.
        package static let ofUser = Line("{fields}", "")
    }

    /// A placeholder in the value of a field line.
    package enum Placeholder: String, Sendable, CaseIterable {
        /// `http` or `https`.
        case scheme = "{scheme}"
        /// The resource name: path and query.
        case path = "{path}"
        /// The host, with its port unless that is the usual one.
        case authority = "{authority}"
    }

    /// Creates a way to speak HTTP/2.
    package init(
        settings: [Setting] = [],
        request: [Line]? = nil,
        endsRequest: Bool = false,
        givesCredit: Bool = true,
        companions: Int = 0,
        exceedsLimit: Bool = false,
        afterwards: [UInt8] = []
    ) {
        self.settings = settings
        self.request = request
        self.endsRequest = endsRequest
        self.givesCredit = givesCredit
        self.companions = companions
        self.exceedsLimit = exceedsLimit
        self.afterwards = afterwards
    }

    /// The field lines of the request with the values that only the run knows; nil for the usual ones.
    ///
    /// - Parameters:
    ///   - values: What takes the place of the placeholders.
    ///   - ofUser: What the user asked for.
    /// - Returns: Names and values in order.
    package func lines(_ values: [Placeholder: String], ofUser: [Line]) -> [Line]? {
        request?.flatMap { line in
            if line == .ofUser { return ofUser }
            let value = Placeholder.allCases.reduce(line.value) { text, placeholder in
                text.replacing(placeholder.rawValue, with: values[placeholder] ?? "")
            }
            return [Line(line.name, value)]
        }
    }
}

extension Scenario {
    /// Whether a client may ask for the case again at once, because its request was not taken (RFC 9113, 8.7).
    package var mayBeAskedAgain: Bool { if case .frames? = stream?.answer { true } else { false } }
}
