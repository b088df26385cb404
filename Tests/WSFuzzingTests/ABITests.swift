import CWSFuzz
import Testing
import WSFuzzABI
import WSFuzzing

/// Adapters in the C form, each a table of plain functions.
@Suite struct `C interface` {
    /// Pushes one event of a kind for each feeding.
    private static func table(
        version: UInt32 = UInt32(WSCONFORM_FUZZ_VERSION),
        feed:
            @escaping @convention(c) (
                UnsafeMutableRawPointer?, UnsafePointer<UInt8>?, Int, UnsafePointer<wsconform_events>?
            ) -> Int
    ) -> wsconform_parser {
        var table = unsafe wsconform_parser()
        unsafe table.version = version
        unsafe table.level = UInt32(WSCONFORM_LEVEL_MESSAGES)
        unsafe table.text = UInt32(WSCONFORM_TEXT_AT_ONCE)
        unsafe table.create = { _, _, _ in UnsafeMutableRawPointer.allocate(byteCount: 1, alignment: 1) }
        unsafe table.destroy = { unsafe $0?.deallocate() }
        unsafe table.feed = feed
        return unsafe table
    }

    private static func verdict(_ table: wsconform_parser, on stream: [UInt8]) throws -> OracleVerdict {
        var parser = try unsafe ForeignParser(table)
        return ParserOracle.judge(&parser, FuzzInput(stream: stream).encoded().span)
    }

    /// Why a table is refused; nil when it is taken.
    private static func fault(of table: wsconform_parser) -> String? {
        do throws(AdapterFault) {
            _ = try unsafe ForeignParser(table)
            return nil
        } catch {
            return error.description
        }
    }

    private static let ping: [UInt8] = [0x89, 0x80, 0, 0, 0, 0]

    @Test func `What is pushed reaches the oracle`() throws {
        let table = unsafe Self.table { _, _, size, events in
            // The stream is a Ping or nothing.
            var event = unsafe wsconform_event()
            unsafe event.kind = UInt32(WSCONFORM_PING)
            if size == 6 { unsafe wsconform_push(events, &event) }
            return size
        }
        #expect(try unsafe Self.verdict(table, on: Self.ping) == .agrees)
        #expect(try unsafe Self.verdict(table, on: [0x8A, 0x80, 0, 0, 0, 0]) != .agrees)
    }

    @Test func `An event after an error is the adapter's fault`() throws {
        let table = unsafe Self.table { _, _, size, events in
            var event = unsafe wsconform_event()
            unsafe event.kind = UInt32(WSCONFORM_ERROR)
            unsafe wsconform_push(events, &event)
            unsafe wsconform_push(events, &event)
            return size
        }
        #expect(try unsafe Self.verdict(table, on: Self.ping) == .adapterFault("an event comes after an error"))
    }

    @Test func `A null payload with a size is the adapter's fault, and without one it is fine`() throws {
        let lying = unsafe Self.table { _, _, size, events in
            var event = unsafe wsconform_event()
            unsafe event.kind = UInt32(WSCONFORM_PING)
            unsafe event.size = 3
            unsafe wsconform_push(events, &event)
            return size
        }
        #expect(try unsafe Self.verdict(lying, on: Self.ping) == .adapterFault("a payload of 3 octets is null"))
    }

    @Test func `Taking more than was fed is the adapter's fault`() throws {
        let table = unsafe Self.table { _, _, size, _ in size + 1 }
        #expect(try unsafe Self.verdict(table, on: Self.ping) == .adapterFault("feed says that it took 7 octets of 6"))
    }

    @Test func `An event of a kind that the level does not have is the adapter's fault`() throws {
        let table = unsafe Self.table { _, _, size, events in
            var event = unsafe wsconform_event()
            unsafe event.kind = UInt32(WSCONFORM_FRAME)
            unsafe wsconform_push(events, &event)
            return size
        }
        guard case .adapterFault(let text) = try unsafe Self.verdict(table, on: Self.ping) else {
            Issue.record("no fault")
            return
        }
        #expect(text.contains("none of the level message"))
    }

    @Test func `An empty input feeds an empty piece and no null surprises`() throws {
        let table = unsafe Self.table { _, octets, size, _ in
            // Reads every octet that it was promised.
            var sum = 0
            for index in 0..<size { sum += Int(unsafe octets?[index] ?? 0) }
            return sum >= 0 ? size : 0
        }
        #expect(try unsafe Self.verdict(table, on: []) == .agrees)
    }

    @Test func `A table of another version is refused with the mend`() throws {
        let table = unsafe Self.table(version: 99) { _, _, size, _ in size }
        #expect(unsafe Self.fault(of: table) == "version is 99; set it to WSCONFORM_FUZZ_VERSION")
    }

    /// What is made of a table with a difference of this kind.
    private static func fault(rule: StaticString, kind: UInt32 = 0, reason: StaticString?) -> String? {
        var table = unsafe table { _, _, size, _ in size }
        func text(_ string: StaticString) -> UnsafePointer<CChar> {
            unsafe UnsafeRawPointer(string.utf8Start).assumingMemoryBound(to: CChar.self)
        }
        let entry = unsafe wsconform_difference(rule: text(rule), kind: kind, reason: reason.map { unsafe text($0) })
        return unsafe withUnsafePointer(to: entry) { entry in
            unsafe table.differences = entry
            unsafe table.difference_count = 1
            return unsafe fault(of: table)
        }
    }

    @Test func `A difference needs a rule that exists, a kind and a reason`() {
        #expect(
            Self.fault(rule: "no-such-rule", reason: "a test")
                == "there is no rule 'no-such-rule'; Fuzz/Adapters/README.md lists them"
        )
        #expect(
            Self.fault(rule: "reserved-bits", reason: nil) == "the difference 'reserved-bits' has no reason; say why"
        )
        #expect(
            Self.fault(rule: "reserved-bits", kind: 7, reason: "a test")
                == "the difference 'reserved-bits' is of kind 7; there are 0 and 1"
        )
        #expect(Self.fault(rule: "reserved-bits", reason: "a test") == nil)
        #expect(Self.fault(rule: "close-reasons", kind: 1, reason: "a test") == nil)
    }

    @Test func `A table without one of its functions is refused`() {
        var table = unsafe Self.table { _, _, size, _ in size }
        unsafe table.destroy = nil
        #expect(unsafe Self.fault(of: table) == "create, feed or destroy is null; set all three")
    }

    @Test func `A parser that cannot be created is the adapter's fault`() throws {
        var table = unsafe Self.table { _, _, size, _ in size }
        unsafe table.create = { _, _, _ in nil }
        #expect(try unsafe Self.verdict(table, on: Self.ping) == .adapterFault("create returned null"))
    }

    @Test func `What was negotiated stands in the flags of a parser that inflates, and they are 0 for others`() throws {
        var options = FuzzOptions()
        options.compression = SenderCompression(windowBits: 11, keepsContext: false)
        let input = FuzzInput(options: options, stream: [0x89, 0x80, 0, 0, 0, 0]).encoded()
        for promises in [WSCONFORM_INFLATES, 0] {
            // The status code of an error tells the flags.
            var table = unsafe Self.table { parser, _, size, events in
                var event = unsafe wsconform_event()
                unsafe event.kind = UInt32(WSCONFORM_ERROR)
                unsafe event.code = UInt16(truncatingIfNeeded: parser?.load(as: UInt32.self) ?? 0)
                unsafe wsconform_push(events, &event)
                return size
            }
            unsafe table.promises = UInt32(promises)
            unsafe table.create = { _, _, flags in
                let parser = UnsafeMutableRawPointer.allocate(byteCount: 4, alignment: 4)
                unsafe parser.storeBytes(of: flags, as: UInt32.self)
                return unsafe parser
            }
            var parser = try unsafe ForeignParser(table)
            guard case .differs(let finding) = ParserOracle.judge(&parser, input.span) else {
                Issue.record("no difference")
                continue
            }
            let isTold = finding.detail.contains("fails with \(1 | 2 | 11 << 8)")
            #expect(isTold == (promises != 0))
            #expect(finding.detail.contains("window of 11 bits without context") == isTold)
        }
    }

    @Test func `A null event, and an event after a Close, are the adapter's fault`() throws {
        let null = unsafe Self.table { _, _, size, events in
            unsafe events?.pointee.push?(events?.pointee.context, nil)
            return size
        }
        #expect(try unsafe Self.verdict(null, on: Self.ping) == .adapterFault("an event is null"))
        let late = unsafe Self.table { _, _, size, events in
            var event = unsafe wsconform_event()
            unsafe event.kind = UInt32(WSCONFORM_CLOSE)
            unsafe wsconform_push(events, &event)
            unsafe event.kind = UInt32(WSCONFORM_PING)
            unsafe wsconform_push(events, &event)
            return size
        }
        #expect(try unsafe Self.verdict(late, on: Self.ping) == .adapterFault("an event comes after a Close"))
    }
}
