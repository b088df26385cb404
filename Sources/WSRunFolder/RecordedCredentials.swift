import WSProtocol
import WSReport
import WSScenario
import WSTranscript

/// Collects the credentials of a run: its report has only their names, the recorded requests have the values, too.
struct RecordedCredentials {
    /// The fields whose values the report masks, by name in lower case.
    private let names: Set<String>
    private let hasQuery: Bool
    /// Whether the report masks a first message.
    private let hasFirstMessage: Bool
    private var messages: Set<String> = []
    private var fields: [(name: String, value: String)]
    private var queries: [String] = []
    private var seen: Set<[String]> = []

    /// The highest number of values that are looked for, whatever the transcripts hold.
    private static let mostValues = 256

    /// Notes which values the report of a run masks.
    init(of report: Report) {
        var names = (report.options.headerFields ?? []).map { field in String(field.prefix { $0 != ":" }) }
        if report.options.cookies?.isEmpty == false { names.append("Cookie") }
        self.names = Set(names.map { $0.lowercased() })
        hasQuery = report.peer.url.contains("?")
        hasFirstMessage = report.options.firstMessage != nil
        // A field is masked by its name even if no transcript has its value.
        fields = names.map { ($0, "") }
    }

    /// Whether the report masks anything, so that every transcript is worth reading.
    var areExpected: Bool { hasQuery || hasFirstMessage || !names.isEmpty }

    /// Everything to mask.
    var all: Credentials {
        var all = Credentials(fields: fields, resourceNames: queries)
        for message in messages { all.add(message: message) }
        return all
    }

    /// Adds the values in the request of a conversation.
    ///
    /// An ordinary request has only the user's additional fields. A scenario's own request may have more.
    mutating func add(_ transcript: Transcript, opening: Opening) {
        add(query: transcript.header.url)
        if hasFirstMessage, messages.count < Self.mostValues, let message = Self.firstMessage(in: transcript) {
            messages.insert(message)
        }
        let head = HTTPHead(kind: .request, raw: Self.request(in: transcript))
        var own: HTTPHead?
        if case .request(let request) = opening {
            own = HTTPHead(kind: .request, raw: Self.octets(of: request))
        } else {
            let words = head.startLineText.split(separator: " ")
            add(query: words.count > 1 ? String(words[1]) : "")
        }
        for field in head.fields {
            let (name, value) = (head.name(of: field), head.value(of: field))
            guard !HandshakeContent.isOwnField(name) else { continue }
            if let own {
                guard names.contains(name.lowercased()), !own.values(of: name).contains(value) else { continue }
            }
            if isNew([name.lowercased(), value]) { fields.append((name, value)) }
        }
    }

    private mutating func add(query address: String) {
        guard let mark = address.firstIndex(of: "?") else { return }
        let query = String(address[mark...])
        if isNew([query]) { queries.append(query) }
    }

    private mutating func isNew(_ words: [String]) -> Bool {
        seen.count < Self.mostValues && seen.insert(words).inserted
    }

    /// The octets that we sent first, however they were divided into writes.
    private static func request(in transcript: Transcript) -> [UInt8] {
        var octets: [UInt8] = []
        for event in transcript.events {
            guard case .sent(let offset, let content) = event.kind else { continue }
            guard case .octets(let piece) = content, offset == UInt64(octets.count) else { break }
            octets += piece
        }
        return octets
    }

    /// The text that we sent as a frame of its own outside the script; nil if there is none.
    private static func firstMessage(in transcript: Transcript) -> String? {
        for event in transcript.events {
            guard case .sent(offset: _, .octets(let octets)) = event.kind, octets.first == 0x81 else { continue }
            var decoder = FrameDecoder()
            var (position, payload, key) = (0, [UInt8](), MaskingKey?.none)
            while let event = decoder.next(in: octets.span, at: &position) {
                switch event {
                case .header(let header, _): key = header.maskingKey
                case .payload(let chunk, let offset):
                    var part = Array(octets[chunk])
                    key?.apply(to: &part, payloadOffset: offset)
                    payload += part
                case .end: return String(decoding: payload, as: UTF8.self)
                }
            }
        }
        return nil
    }

    /// A scenario's own request without what the user and the run put into it.
    private static func octets(of request: RequestToSend) -> [UInt8] {
        var values: [RequestToSend.Placeholder: [UInt8]] = [:]
        for placeholder in RequestToSend.Placeholder.allCases where placeholder != .padding { values[placeholder] = [] }
        return request.octets(values)
    }
}
