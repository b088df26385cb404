public import CWSFuzz
import NIOCore
import NIOEmbedded
import NIOWebSocket

/// What `WebSocketFrameDecoder` hands out, and the errors that it throws.
@safe private final class FrameCollector: ChannelInboundHandler {
    typealias InboundIn = WebSocketFrame

    var events: UnsafePointer<wsconform_events>?
    private(set) var hasFailed = false

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        guard !hasFailed, let events = unsafe events else { return }
        let frame = unwrapInboundIn(data)
        let payload = frame.unmaskedData
        var event = unsafe wsconform_event()
        unsafe event.kind = UInt32(WSCONFORM_FRAME)
        unsafe event.fin = frame.fin ? 1 : 0
        unsafe event.rsv = (frame.rsv1 ? 4 : 0) | (frame.rsv2 ? 2 : 0) | (frame.rsv3 ? 1 : 0)
        unsafe event.opcode = UInt8(webSocketOpcode: frame.opcode)
        unsafe payload.withUnsafeReadableBytes { bytes in
            unsafe event.payload = bytes.baseAddress?.assumingMemoryBound(to: UInt8.self)
            unsafe event.size = bytes.count
            unsafe wsconform_push(events, &event)
        }
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        guard !hasFailed, let events = unsafe events else { return }
        hasFailed = true
        var event = unsafe wsconform_event()
        unsafe event.kind = UInt32(WSCONFORM_ERROR)
        if let error = error as? NIOWebSocketError {
            unsafe event.code = UInt16(webSocketErrorCode: WebSocketErrorCode(error))
        }
        unsafe wsconform_push(events, &event)
    }
}

/// A channel with nothing in it but the decoder.
private final class NIOParser {
    let channel: EmbeddedChannel
    let collector = FrameCollector()

    init?(maximumMessage: UInt64) {
        let decoder = ByteToMessageHandler(WebSocketFrameDecoder(maxFrameSize: Int(clamping: maximumMessage)))
        channel = EmbeddedChannel()
        guard (try? channel.pipeline.syncOperations.addHandlers(decoder, collector)) != nil else { return nil }
    }

    func feed(_ octets: UnsafeBufferPointer<UInt8>, _ events: UnsafePointer<wsconform_events>?) {
        unsafe collector.events = events
        let buffer = unsafe channel.allocator.buffer(bytes: octets)
        // What is thrown has come to `errorCaught` before.
        _ = try? channel.writeInbound(buffer)
        unsafe collector.events = nil
    }

    deinit {
        _ = try? channel.finish(acceptAlreadyClosed: true)
    }
}

extension WebSocketErrorCode {
    /// The code that NIO's own `WebSocketProtocolErrorHandler` closes with.
    fileprivate init(_ error: NIOWebSocketError) {
        switch error {
        case .invalidFrameLength: self = .messageTooLarge
        case .fragmentedControlFrame, .multiByteControlFrameLength: self = .protocolError
        }
    }
}

private func create(_ role: UInt32, _ maximumMessage: UInt64, _ flags: UInt32) -> UnsafeMutableRawPointer? {
    unsafe NIOParser(maximumMessage: maximumMessage).map { unsafe Unmanaged.passRetained($0).toOpaque() }
}

private func destroy(_ parser: UnsafeMutableRawPointer?) {
    guard let parser = unsafe parser else { return }
    unsafe Unmanaged<NIOParser>.fromOpaque(parser).release()
}

private func feed(
    _ parser: UnsafeMutableRawPointer?,
    _ octets: UnsafePointer<UInt8>?,
    _ count: Int,
    _ events: UnsafePointer<wsconform_events>?
) -> Int {
    guard let parser = unsafe parser else { return 0 }
    let buffer = unsafe UnsafeBufferPointer(start: octets, count: octets == nil ? 0 : count)
    unsafe Unmanaged<NIOParser>.fromOpaque(parser).takeUnretainedValue().feed(buffer, events)
    return count
}

/// Strings and the table live as long as the process: the C side keeps pointers to them.
private func permanent(_ text: StaticString) -> UnsafePointer<CChar> {
    unsafe UnsafeRawPointer(text.utf8Start).assumingMemoryBound(to: CChar.self)
}

private nonisolated(unsafe) let differences: UnsafeMutableBufferPointer<wsconform_difference> = {
    let list = UnsafeMutableBufferPointer<wsconform_difference>.allocate(
        capacity: intendedDifferences.count
    )
    for (index, entry) in intendedDifferences.enumerated() {
        unsafe list.initializeElement(
            at: index,
            to: wsconform_difference(
                rule: permanent(entry.rule),
                kind: UInt32(WSCONFORM_TAKEN),
                reason: permanent(entry.reason)
            )
        )
    }
    return unsafe list
}()

private nonisolated(unsafe) let table: UnsafeMutablePointer<wsconform_parser> = {
    var parser = unsafe wsconform_parser()
    unsafe parser.version = UInt32(WSCONFORM_FUZZ_VERSION)
    unsafe parser.name = permanent("SwiftNIO WebSocketFrameDecoder")
    unsafe parser.level = UInt32(WSCONFORM_LEVEL_FRAMES)
    unsafe parser.text = UInt32(WSCONFORM_TEXT_NEVER)
    unsafe parser.differences = UnsafePointer(differences.baseAddress)
    unsafe parser.difference_count = differences.count
    unsafe parser.create = create
    unsafe parser.feed = feed
    unsafe parser.destroy = destroy
    let pointer = UnsafeMutablePointer<wsconform_parser>.allocate(capacity: 1)
    unsafe pointer.initialize(to: parser)
    return unsafe pointer
}()

/// Called by the library to get the parser.
@c(wsconform_parser_under_test)
public func parserUnderTest() -> UnsafePointer<wsconform_parser> {
    unsafe UnsafePointer(table)
}
