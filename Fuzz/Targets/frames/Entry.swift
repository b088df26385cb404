import FuzzHarness
import WSFuzzing

private nonisolated(unsafe) var body = {
    var body = FrameBody()
    body.drippedOctets = 64
    body.stopsAtViolation = Harness.environment("WSCONFORM_FUZZ_STOPS") != nil
    return body
}()

/// Called by libFuzzer with each input.
@c(LLVMFuzzerTestOneInput)
public func testOneInput(_ octets: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
    unsafe Harness.run(&body, octets, count)
}
