@B.1.3 @sut:server
Feature: The Controlling Function takes other parameters of MSRP from participants

  @IMSpec-SMM-S-009 @M
  Rule: A re-INVITE with a new offer is looked at, answered, and followed (7.2.1.6)

    @7.2.1.6-1a @7.2.1.6-2 @7.2.1.6-3 @7.2.1.6-3a-1 @7.2.1.6-3b
    Scenario: a participant takes smaller messages from now on
      Given an IM Server that performs the Controlling IM Function
      And registered IM Clients Alice and Bob
      And a registered IM Client Vera, whose user belongs to another domain
      And a running ad-hoc session of Alice, Bob and Vera
      When Vera offers to take messages of 1000 bytes in the session
      Then everybody's session is acknowledged
      When Alice sends a message of 3000 bytes in the session
      Then Bob receives the message
      When Alice sends a message in the session
      Then Bob and Vera each receive the message

    @7.2.1.6-3a-2
    Scenario: a participant offers some types only
      Given an IM Server that performs the Controlling IM Function
      And registered IM Clients Alice, Bob and Ted
      And a running ad-hoc session of Alice, Bob and Ted
      When Bob offers content of type message/cpim in the session

    @7.2.1.6-1a @7.2.1.6-1b
    Scenario: a participant offers to speak and not to write
      Given an IM Server that performs the Controlling IM Function
      And registered IM Clients Alice and Bob
      And a registered IM Client Vera, whose user belongs to another domain
      And a running ad-hoc session of Alice, Bob and Vera
      When Vera offers to speak and not to write in the session
      And Alice sends a message in the session
      Then Bob and Vera each receive the message

    @7.2.1.6-n
    Scenario: a participant offers a file
      Given an IM Server that performs the Controlling IM Function
      And registered IM Clients Alice and Bob
      And a registered IM Client Vera, whose user belongs to another domain
      And a running ad-hoc session of Alice, Bob and Vera
      When Vera offers a file in the session
      Then Bob is offered the file of Vera, if the IM Server takes it
      When Alice sends a message in the session
      Then Bob and Vera each receive the message

    @7.2.1.6-3
    Scenario: two participants change their sessions at the same time
      Given an IM Server that performs the Controlling IM Function
      And registered IM Clients Alice, Bob and Ted
      And a running ad-hoc session of Alice, Bob and Ted
      When Bob and Ted refresh the session at the same time
      And Alice sends a message in the session
      Then Bob and Ted each receive the message

    # Who meets another offer waits up to four seconds (RFC 3261 14.1).
    @7.2.3.1-5 @slow
    Scenario: the server changes the session while a participant does
      Given an IM Server that performs the Controlling IM Function
      And registered IM Clients Alice, Bob and Ted
      And a running ad-hoc session of Alice, Bob and Ted
      When Bob refreshes the session while the IM Server offers content of type message/cpim
      And Alice sends a message in the session
      Then Ted receives the message

    @7.2.3.1-5
    Scenario: a participant leaves while another changes its session
      Given an IM Server that performs the Controlling IM Function
      And registered IM Clients Alice, Bob and Ted
      And a running ad-hoc session of Alice, Bob and Ted
      When Bob refreshes the session while Ted leaves it
      And Alice sends a message in the session
      Then Bob receives the message
