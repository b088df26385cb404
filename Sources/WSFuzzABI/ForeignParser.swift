package import CWSFuzz
package import WSFuzzing
package import WSProtocol

/// A parser behind the C interface of `wsconform_fuzz.h`, for the oracle.
///
/// A violation of the contract by the adapter is returned as ``ParserReport/fault``, and says nothing about the parser.
@safe package final class ForeignParser: ParserUnderTest {
    /// What the parser claims to do.
    package let declaration: ParserDeclaration

    private let table: wsconform_parser
    private var parser: UnsafeMutableRawPointer?
    private var inbox = EventInbox()

    /// Creates a parser from its table of functions.
    ///
    /// - Throws: ``AdapterFault`` if the table is invalid.
    package init(_ table: wsconform_parser) throws(AdapterFault) {
        unsafe self.table = table
        declaration = try unsafe Self.declaration(of: table)
        guard unsafe table.create != nil, unsafe table.feed != nil, unsafe table.destroy != nil else {
            throw AdapterFault("create, feed or destroy is null; set all three")
        }
    }

    deinit {
        if let parser = unsafe parser { unsafe table.destroy?(parser) }
    }

    /// Creates a new parser for a stream and destroys the old one.
    package func restart(sender: Role, maximumMessage: UInt64, compression: SenderCompression?) {
        if let parser = unsafe parser { unsafe table.destroy?(parser) }
        let role = sender == .client ? WSCONFORM_ROLE_SERVER : WSCONFORM_ROLE_CLIENT
        unsafe parser = unsafe table.create?(UInt32(role), maximumMessage, Self.flags(compression))
        inbox = EventInbox(level: declaration.level)
    }

    private static func flags(_ compression: SenderCompression?) -> UInt32 {
        guard let compression else { return 0 }
        let context = compression.keepsContext ? 0 : WSCONFORM_NO_CONTEXT_TAKEOVER
        return UInt32(WSCONFORM_DEFLATE | context | compression.windowBits << WSCONFORM_WINDOW_BITS_SHIFT)
    }

    /// Feeds octets and collects the events that the adapter pushes.
    package func feed(_ bytes: Span<UInt8>) -> ParserReport {
        guard let feed = unsafe table.feed, let parser = unsafe parser else {
            return ParserReport(consumed: 0, fault: "create returned null")
        }
        inbox.begin()
        let consumed = unsafe withUnsafeMutablePointer(to: &inbox) { inbox in
            var events = unsafe wsconform_events(
                push: { context, event in
                    unsafe context?.assumingMemoryBound(to: EventInbox.self).pointee.take(event)
                },
                context: UnsafeMutableRawPointer(inbox)
            )
            return unsafe bytes.withUnsafeBufferPointer { bytes in
                unsafe feed(parser, bytes.baseAddress, bytes.count, &events)
            }
        }
        return ParserReport(
            consumed: Int(clamping: consumed),
            events: inbox.events,
            failure: inbox.failure,
            fault: inbox.fault
        )
    }

    private static func declaration(of table: wsconform_parser) throws(AdapterFault) -> ParserDeclaration {
        guard unsafe table.version == UInt32(WSCONFORM_FUZZ_VERSION) else {
            throw AdapterFault("version is \(unsafe table.version); set it to WSCONFORM_FUZZ_VERSION")
        }
        guard unsafe table.level <= 1 else { throw AdapterFault("level is \(unsafe table.level); there are 0 and 1") }
        guard unsafe table.text <= 2 else { throw AdapterFault("text is \(unsafe table.text); there are 0, 1 and 2") }
        let checks: [TextCheck] = [.never, .atEndOfMessage, .atOnce]
        var declaration = ParserDeclaration(
            name: unsafe table.name.map { unsafe String(cString: $0) } ?? "parser without a name",
            level: unsafe table.level == 0 ? .frame : .message,
            textCheck: unsafe checks[Int(table.text)],
            reportsOffsets: unsafe table.promises & 1 != 0,
            refusesHeadersAtOnce: unsafe table.promises & 2 != 0
        )
        declaration.inflates = unsafe table.promises & UInt32(WSCONFORM_INFLATES) != 0
        for index in 0..<(unsafe table.difference_count) {
            guard let differences = unsafe table.differences else { throw AdapterFault("differences is null") }
            try unsafe add(differences[index], to: &declaration)
        }
        return declaration
    }

    private static func add(
        _ entry: wsconform_difference,
        to declaration: inout ParserDeclaration
    ) throws(AdapterFault) {
        let reason = try unsafe reason(of: entry)
        guard unsafe name(of: entry) == "close-reasons" else {
            return try unsafe declaration.differences.append(difference(entry, reason: reason))
        }
        declaration.isLostOnCloseReasons = true
        declaration.differences.append(IntendedDifference(.closeReasonNotUTF8, .notJudged, reason: reason))
    }

    private static func name(of entry: wsconform_difference) -> String {
        unsafe entry.rule.map { unsafe String(cString: $0) } ?? ""
    }

    private static func reason(of entry: wsconform_difference) throws(AdapterFault) -> String {
        let reason = unsafe entry.reason.map { unsafe String(cString: $0) } ?? ""
        guard !reason.isEmpty else {
            throw AdapterFault("the difference '\(unsafe name(of: entry))' has no reason; say why")
        }
        return reason
    }

    private static func difference(
        _ entry: wsconform_difference,
        reason: String
    ) throws(AdapterFault) -> IntendedDifference {
        let name = unsafe name(of: entry)
        guard let rule = ViolationRule(rawValue: name) else {
            throw AdapterFault("there is no rule '\(name)'; Fuzz/Adapters/README.md lists them")
        }
        guard unsafe entry.kind <= 1 else {
            throw AdapterFault("the difference '\(name)' is of kind \(unsafe entry.kind); there are 0 and 1")
        }
        return unsafe IntendedDifference(rule, entry.kind == 0 ? .taken : .notJudged, reason: reason)
    }
}

/// What is wrong with an adapter, in one line.
package struct AdapterFault: Error, Sendable, Hashable, CustomStringConvertible {
    /// What is wrong, and how to correct it.
    package var description: String

    /// Creates a fault.
    package init(_ description: String) {
        self.description = description
    }
}
