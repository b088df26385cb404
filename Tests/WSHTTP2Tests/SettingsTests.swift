import Testing
import WSHTTP2

@Suite struct `HTTP/2 settings` {
    @Test func `Values that are allowed are taken`() {
        var settings = HTTP2Settings()
        let values: [HTTP2Setting] = [
            HTTP2Setting(.headerTableSize, .max), HTTP2Setting(.enablePush, 0), HTTP2Setting(.enablePush, 1),
            HTTP2Setting(.maxConcurrentStreams, 0), HTTP2Setting(.initialWindowSize, HTTP2Window.maximum),
            HTTP2Setting(.maxFrameSize, 16_384), HTTP2Setting(.maxFrameSize, 16_777_215),
            HTTP2Setting(.maxHeaderListSize, 0), HTTP2Setting(.enableConnectProtocol, 0),
            HTTP2Setting(.enableConnectProtocol, 1), HTTP2Setting(.init(rawValue: 7), .max),
        ]
        for value in values { #expect(settings.apply(value, from: .client) == nil, "\(value)") }
        #expect(settings.headerTableSize == .max)
        #expect(settings.enablePush == 1)
        #expect(settings.maxConcurrentStreams == 0)
        #expect(settings.initialWindowSize == HTTP2Window.maximum)
        #expect(settings.maxFrameSize == 16_777_215)
        #expect(settings.maxHeaderListSize == 0)
        #expect(settings.enableConnectProtocol == 1)
    }

    static let wrong: [(HTTP2Setting, HTTP2Rule)] = [
        (HTTP2Setting(.enablePush, 2), .enablePushValue),
        (HTTP2Setting(.enablePush, 1), .enablePushByServer),
        (HTTP2Setting(.initialWindowSize, 1 << 31), .initialWindowSizeValue),
        (HTTP2Setting(.maxFrameSize, 16_383), .maxFrameSizeValue),
        (HTTP2Setting(.maxFrameSize, 16_777_216), .maxFrameSizeValue),
        (HTTP2Setting(.enableConnectProtocol, 2), .enableConnectProtocolValue),
    ]

    @Test func `A value that is not allowed breaks its rule and changes nothing`() {
        for (setting, rule) in Self.wrong {
            var settings = HTTP2Settings()
            #expect(settings.apply(setting, from: .server) == rule)
            #expect(settings == HTTP2Settings())
        }
    }

    @Test func `Extended CONNECT is not withdrawn`() {
        var settings = HTTP2Settings()
        #expect(settings.apply(HTTP2Setting(.enableConnectProtocol, 1), from: .server) == nil)
        let rule = settings.apply(HTTP2Setting(.enableConnectProtocol, 0), from: .server)
        #expect(rule == .enableConnectProtocolWithdrawn)
        #expect(settings.enableConnectProtocol == 1)
    }

    @Test func `They are due as in section 6.5.2`() {
        #expect(HTTP2Rule.initialWindowSizeValue.due(onStream: false) == HTTP2Due(.connection, .flowControlError))
        #expect(HTTP2Rule.enablePushValue.due(onStream: false) == HTTP2Due(.connection, .protocolError))
        #expect(HTTP2Rule.maxFrameSizeValue.due(onStream: false) == HTTP2Due(.connection, .protocolError))
    }

    @Test func `A setting is written with its name`() {
        #expect("\(HTTP2Setting(.enableConnectProtocol, 1))" == "ENABLE_CONNECT_PROTOCOL = 1")
        #expect("\(HTTP2Setting(.init(rawValue: 0x99), 3))" == "setting 153 = 3")
    }

    @Test func `Error codes and types have the names of RFC 9113`() {
        #expect(HTTP2ErrorCode.http11Required.name == "HTTP_1_1_REQUIRED")
        #expect(HTTP2ErrorCode.noError.name == "NO_ERROR")
        #expect(HTTP2ErrorCode(rawValue: 14).name == "error code 14")
        #expect(HTTP2FrameType.defined.map(\.name).joined(separator: " ").hasSuffix("WINDOW_UPDATE CONTINUATION"))
        #expect(HTTP2FrameType(rawValue: 10).name == "type 10")
        #expect(HTTP2Due(.stream, .refusedStream).allows(.protocolError))
        #expect(!HTTP2Due(.stream, .refusedStream).allows(.cancel))
    }
}
