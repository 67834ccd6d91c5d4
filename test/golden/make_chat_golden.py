#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Makes test/golden/chat/cases.json: template shapes in use, inputs, and what transformers' own environment renders.

In:  transformers.  Out: {"inputs": {name: JSON text}, "templates": {name: {"template", "outputs": {input: text or null}}}};
null where transformers raises.  Run by hand; test/runtime/chat/ChatTest.cpp reads the file.
"""
import datetime, json, os
import transformers.utils.chat_template_utils as chat

NOW = datetime.datetime(2024, 7, 26, 9, 5, 3)
OUT = os.path.join(os.path.dirname(os.path.abspath(__file__)), "chat", "cases.json")
S, U, A = (lambda c, r=r: dict(role=r, content=c) for r in ("system", "user", "assistant"))
TOOL = {"type": "function", "function": {"name": "get_weather", "description": "Weather of a \"city\" <now>", "parameters": {
    "type": "object", "properties": {"city": {"type": "string", "description": "Näme"}, "days": {"type": "integer", "enum": [1, 2]}}, "required": ["city"]}}}
CALL = {"id": "abcdef123", "type": "function", "function": {"name": "get_weather", "arguments": {"city": "Zürich", "days": 2, "x": [1.5, None, True]}}}
TALK = [U("Weather?"), {"role": "assistant", "content": None, "tool_calls": [CALL]}, {"role": "tool", "name": "get_weather", "tool_call_id": "abcdef123", "content": "{\"t\": 20}"}, A("It is 20."), U("Thanks")]
INPUTS = {
    "one": dict(messages=[U("Hello")], add_generation_prompt=True),
    "system": dict(messages=[S(" Be brief. "), U("Hi\n"), A(" Hello "), U("Bye")], add_generation_prompt=True),
    "closed": dict(messages=[U("a"), A("b")], add_generation_prompt=False),
    "unicode": dict(messages=[S("Ünï <|im_end|>"), U("日本語 😀\u2028 \u00a0"), A("Straße 'quoted' \"x\" [INST]"), U("</s>\t")], add_generation_prompt=True),
    "empty": dict(messages=[], add_generation_prompt=False),
    "blank": dict(messages=[S(""), U(""), A(""), U("")], add_generation_prompt=True),
    "order": dict(messages=[A("first"), A("again"), U("x"), U("y")], add_generation_prompt=False),
    "parts": dict(messages=[U([{"type": "text", "text": "Look: "}, {"type": "image"}, {"type": "text", "text": "what?"}])], add_generation_prompt=True),
    "documents": dict(messages=[U("Find")], documents=[{"title": "T1", "text": "x y"}, {"title": "Ü", "text": ""}], add_generation_prompt=True, enable_thinking=False),
    "think": dict(messages=[U("q"), A("<think>\nhm\n</think>\n\nyes"), U("r")], add_generation_prompt=True, enable_thinking=True),
    "tools": dict(messages=[S("Sys")] + TALK, tools=[TOOL], add_generation_prompt=True),
}
for v in INPUTS.values():
    v.update(bos_token="<s>", eos_token="</s>")

ALTERNATE = "{% if (message['role'] == 'user') != (loop.index0 % 2 == 0) %}{{ raise_exception('Conversation roles must alternate user/assistant/user/assistant/...') }}{% endif %}"
SPLIT = "{% if messages and messages[0]['role'] == 'system' %}{% set loop_messages = messages[1:] %}{% set system_message = messages[0]['content'] %}{% else %}{% set loop_messages = messages %}{% set system_message = false %}{% endif %}"
def simple(user, assistant, prompt, system="", begin="", end=""):
    return (begin + "{% for message in messages %}{% if message['role'] == 'user' %}{{ " + user + " }}{% elif message['role'] == 'system' %}{{ " + (system or "message['content']")
            + " }}{% elif message['role'] == 'assistant' %}{{ " + assistant + " }}{% endif %}{% if loop.last and add_generation_prompt %}{{ " + prompt + " }}{% endif %}{% endfor %}" + end)
T = {}
T["chatml"] = "{% for message in messages %}{{'<|im_start|>' + message['role'] + '\n' + message['content'] + '<|im_end|>' + '\n'}}{% endfor %}{% if add_generation_prompt %}{{ '<|im_start|>assistant\n' }}{% endif %}"
T["chatml-lines"] = """{%- for message in messages %}
    {%- if loop.first and message.role != 'system' %}
        {{- '<|im_start|>system\\nYou are a helpful assistant.<|im_end|>\\n' }}
    {%- endif %}
    {{- '<|im_start|>' ~ message.role ~ '\\n' ~ message.content ~ '<|im_end|>' ~ '\\n' }}
{%- endfor %}
{% if add_generation_prompt %}
<|im_start|>assistant
{% endif %}
"""
T["llama2"] = SPLIT + "{% for message in loop_messages %}" + ALTERNATE + "{% if loop.index0 == 0 and system_message != false %}{% set content = '<<SYS>>\\n' + system_message + '\\n<</SYS>>\\n\\n' + message['content'] %}{% else %}{% set content = message['content'] %}{% endif %}{% if message['role'] == 'user' %}{{ bos_token + '[INST] ' + content.strip() + ' [/INST]' }}{% elif message['role'] == 'assistant' %}{{ ' '  + content.strip() + ' ' + eos_token }}{% endif %}{% endfor %}"
T["llama3"] = "{% set loop_messages = messages %}{% for message in loop_messages %}{% set content = '<|start_header_id|>' + message['role'] + '<|end_header_id|>\n\n'+ message['content'] | trim + '<|eot_id|>' %}{% if loop.index0 == 0 %}{% set content = bos_token + content %}{% endif %}{{ content }}{% endfor %}{% if add_generation_prompt %}{{ '<|start_header_id|>assistant<|end_header_id|>\n\n' }}{% endif %}"
T["llama3.1"] = r"""{{- bos_token }}
{%- if custom_tools is defined %}
    {%- set tools = custom_tools %}
{%- endif %}
{%- if not date_string is defined %}
    {%- if strftime_now is defined %}{%- set date_string = strftime_now("%d %b %Y") %}{%- else %}{%- set date_string = "26 Jul 2024" %}{%- endif %}
{%- endif %}
{%- if not tools is defined %}
    {%- set tools = none %}
{%- endif %}
{#- This block extracts the system message #}
{%- if messages[0]['role'] == 'system' %}
    {%- set system_message = messages[0]['content']|trim %}
    {%- set messages = messages[1:] %}
{%- else %}
    {%- set system_message = "" %}
{%- endif %}
{{- "<|start_header_id|>system<|end_header_id|>\n\n" }}
{%- if builtin_tools is defined or tools is not none %}
    {{- "Environment: ipython\n" }}
{%- endif %}
{%- if builtin_tools is defined %}
    {{- "Tools: " + builtin_tools | reject('equalto', 'code_interpreter') | join(", ") + "\n\n"}}
{%- endif %}
{{- "Today Date: " + date_string + "\n\n" }}
{%- if tools is not none %}
    {%- for t in tools %}
        {{- t | tojson(indent=4) }}
        {{- "\n\n" }}
    {%- endfor %}
{%- endif %}
{{- system_message }}
{{- "<|eot_id|>" }}
{%- for message in messages %}
    {%- if not (message.role == 'ipython' or message.role == 'tool' or 'tool_calls' in message) %}
        {{- '<|start_header_id|>' + message['role'] + '<|end_header_id|>\n\n'+ message['content'] | trim + '<|eot_id|>' }}
    {%- elif 'tool_calls' in message %}
        {%- if not message.tool_calls|length == 1 %}
            {{- raise_exception("This model only supports single tool-calls at once!") }}
        {%- endif %}
        {%- set tool_call = message.tool_calls[0].function %}
        {{- '<|start_header_id|>assistant<|end_header_id|>\n\n' -}}
        {{- '{"name": "' + tool_call.name + '", ' }}
        {{- '"parameters": ' }}
        {{- tool_call.arguments | tojson }}
        {{- "}" }}
        {%- for arg_name, arg_val in tool_call.arguments | items %}
            {{- arg_name ~ '="' ~ arg_val ~ '"' }}
            {%- if not loop.last %}{{- ", " }}{%- endif %}
        {%- endfor %}
        {{- "<|eot_id|>" }}
    {%- elif message.role == "tool" or message.role == "ipython" %}
        {{- "<|start_header_id|>ipython<|end_header_id|>\n\n" }}
        {%- if message.content is mapping or (message.content is iterable and message.content is not string) %}
            {{- message.content | tojson }}
        {%- else %}
            {{- message.content }}
        {%- endif %}
        {{- "<|eot_id|>" }}
    {%- endif %}
{%- endfor %}
{%- if add_generation_prompt %}
    {{- '<|start_header_id|>assistant<|end_header_id|>\n\n' }}
{%- endif %}
"""
T["mistral-v1"] = "{{ bos_token }}{% for message in messages %}" + ALTERNATE + "{% if message['role'] == 'user' %}{{ '[INST] ' + message['content'] + ' [/INST]' }}{% elif message['role'] == 'assistant' %}{{ message['content'] + eos_token}}{% else %}{{ raise_exception('Only user and assistant roles are supported!') }}{% endif %}{% endfor %}"
T["mistral-v3"] = r"""{%- if messages and messages[0]["role"] == "system" %}
    {%- set system_message = messages[0]["content"] %}
    {%- set loop_messages = messages[1:] %}
{%- else %}
    {%- set loop_messages = messages %}
{%- endif %}
{%- set user_messages = loop_messages | selectattr("role", "equalto", "user") | list %}
{%- set ns = namespace(index=0) %}
{%- for message in loop_messages %}
    {%- if not (message.role == "tool" or message.role == "tool_results" or (message.tool_calls is defined and message.tool_calls is not none)) %}
        {%- if (message["role"] == "user") != (ns.index % 2 == 0) %}
            {{- raise_exception("After the optional system message, conversation roles must alternate") }}
        {%- endif %}
        {%- set ns.index = ns.index + 1 %}
    {%- endif %}
{%- endfor %}
{{- bos_token }}
{%- for message in loop_messages %}
    {%- if message["role"] == "user" %}
        {%- if tools is not none and (message == user_messages[-1]) %}
            {{- "[AVAILABLE_TOOLS] [" }}
            {%- for tool in tools %}
                {%- set tool = tool.function %}
                {{- '{"type": "function", "function": {' }}
                {%- for key, val in tool.items() if key != "return" %}
                    {%- if val is string %}
                        {{- '"' + key + '": "' + val + '"' }}
                    {%- else %}
                        {{- '"' + key + '": ' + val|tojson }}
                    {%- endif %}
                    {%- if not loop.last %}{{- ", " }}{%- endif %}
                {%- endfor %}
                {{- "}}" }}
                {%- if not loop.last %}{{- ", " }}{%- else %}{{- "]" }}{%- endif %}
            {%- endfor %}
            {{- "[/AVAILABLE_TOOLS]" }}
            {%- endif %}
        {%- if loop.last and system_message is defined %}
            {{- "[INST] " + system_message + "\n\n" + message["content"] + "[/INST]" }}
        {%- else %}
            {{- "[INST] " + message["content"] + "[/INST]" }}
        {%- endif %}
    {%- elif message.tool_calls is defined and message.tool_calls is not none %}
        {{- "[TOOL_CALLS] [" }}
        {%- for tool_call in message.tool_calls %}
            {%- set out = tool_call.function|tojson %}
            {{- out[:-1] }}
            {%- if not tool_call.id is defined or tool_call.id|length != 9 %}
                {{- raise_exception("Tool call IDs should be alphanumeric strings with length 9!") }}
            {%- endif %}
            {{- ', "id": "' + tool_call.id + '"}' }}
            {%- if not loop.last %}{{- ", " }}{%- else %}{{- "]" + eos_token }}{%- endif %}
        {%- endfor %}
    {%- elif message["role"] == "assistant" %}
        {{- " " + message["content"]|trim + eos_token}}
    {%- elif message["role"] == "tool_results" or message["role"] == "tool" %}
        {%- if message.content is defined and message.content.content is defined %}
            {%- set content = message.content.content %}
        {%- else %}
            {%- set content = message.content %}
        {%- endif %}
        {{- '[TOOL_RESULTS] {"content": ' + content|string + ", " }}
        {{- '"call_id": "' + message.tool_call_id + '"}[/TOOL_RESULTS]' }}
    {%- else %}
        {{- raise_exception("Only user and assistant roles are supported") }}
    {%- endif %}
{%- endfor %}
"""
T["mistral-nemo"] = T["mistral-v3"].replace("[INST] ", "[INST]").replace("_TOOLS] [", "_TOOLS][").replace("_CALLS] [", "_CALLS][")
T["gemma"] = "{{ bos_token }}{% if messages[0]['role'] == 'system' %}{{ raise_exception('System role not supported') }}{% endif %}{% for message in messages %}" + ALTERNATE + "{% if (message['role'] == 'assistant') %}{% set role = 'model' %}{% else %}{% set role = message['role'] %}{% endif %}{{ '<start_of_turn>' + role + '\n' + message['content'] | trim + '<end_of_turn>\n' }}{% endfor %}{% if add_generation_prompt %}{{'<start_of_turn>model\n'}}{% endif %}"
T["phi3"] = "{% for message in messages %}{% if message['role'] == 'system' and message['content'] %}{{'<|system|>\n' + message['content'] + '<|end|>\n'}}{% elif message['role'] == 'user' %}{{'<|user|>\n' + message['content'] + '<|end|>\n'}}{% elif message['role'] == 'assistant' %}{{'<|assistant|>\n' + message['content'] + '<|end|>\n'}}{% endif %}{% endfor %}{% if add_generation_prompt %}{{ '<|assistant|>\n' }}{% else %}{{ eos_token }}{% endif %}"
T["qwen2.5"] = r"""{%- if tools %}
    {{- '<|im_start|>system\n' }}
    {%- if messages[0]['role'] == 'system' %}
        {{- messages[0]['content'] }}
    {%- else %}
        {{- 'You are Qwen, created by Alibaba Cloud. You are a helpful assistant.' }}
    {%- endif %}
    {{- "\n\n# Tools\n\nYou are provided with function signatures within <tools></tools> XML tags:\n<tools>" }}
    {%- for tool in tools %}
        {{- "\n" }}
        {{- tool | tojson }}
    {%- endfor %}
    {{- "\n</tools>\n\n{\"name\": <function-name>, \"arguments\": <args-json-object>}\n</tool_call><|im_end|>\n" }}
{%- else %}
    {%- if messages[0]['role'] == 'system' %}
        {{- '<|im_start|>system\n' + messages[0]['content'] + '<|im_end|>\n' }}
    {%- else %}
        {{- '<|im_start|>system\nYou are Qwen, created by Alibaba Cloud. You are a helpful assistant.<|im_end|>\n' }}
    {%- endif %}
{%- endif %}
{%- for message in messages %}
    {%- if (message.role == "user") or (message.role == "system" and not loop.first) or (message.role == "assistant" and not message.tool_calls) %}
        {{- '<|im_start|>' + message.role + '\n' + message.content + '<|im_end|>' + '\n' }}
    {%- elif message.role == "assistant" %}
        {{- '<|im_start|>' + message.role }}
        {%- if message.content %}
            {{- '\n' + message.content }}
        {%- endif %}
        {%- for tool_call in message.tool_calls %}
            {%- if tool_call.function is defined %}
                {%- set tool_call = tool_call.function %}
            {%- endif %}
            {{- '\n<tool_call>\n{"name": "' }}
            {{- tool_call.name }}
            {{- '", "arguments": ' }}
            {{- tool_call.arguments | tojson }}
            {{- '}\n</tool_call>' }}
        {%- endfor %}
        {{- '<|im_end|>\n' }}
    {%- elif message.role == "tool" %}
        {%- if (loop.index0 == 0) or (messages[loop.index0 - 1].role != "tool") %}
            {{- '<|im_start|>user' }}
        {%- endif %}
        {{- '\n<tool_response>\n' }}
        {{- message.content }}
        {{- '\n</tool_response>' }}
        {%- if loop.last or (messages[loop.index0 + 1].role != "tool") %}
            {{- '<|im_end|>\n' }}
        {%- endif %}
    {%- endif %}
{%- endfor %}
{%- if add_generation_prompt %}
    {{- '<|im_start|>assistant\n' }}
{%- endif %}
"""
T["qwen3"] = r"""{%- set ns = namespace(multi_step_tool=true, last_query_index=messages|length - 1) %}
{%- for message in messages[::-1] %}
    {%- set index = (messages|length - 1) - loop.index0 %}
    {%- if ns.multi_step_tool and message.role == "user" and message.content is string and not(message.content.startswith('<tool_response>') and message.content.endswith('</tool_response>')) %}
        {%- set ns.multi_step_tool = false %}
        {%- set ns.last_query_index = index %}
    {%- endif %}
{%- endfor %}
{%- for message in messages %}
    {%- if message.content is string %}{%- set content = message.content %}{%- else %}{%- set content = '' %}{%- endif %}
    {%- if message.role == "assistant" %}
        {%- set reasoning_content = '' %}
        {%- if message.reasoning_content is string %}
            {%- set reasoning_content = message.reasoning_content %}
        {%- elif '</think>' in content %}
            {%- set reasoning_content = content.split('</think>')[0].rstrip('\n').split('<think>')[-1].lstrip('\n') %}
            {%- set content = content.split('</think>')[-1].lstrip('\n') %}
        {%- endif %}
        {%- if loop.index0 > ns.last_query_index or (loop.last or (not loop.last and reasoning_content)) %}
            {{- '<|im_start|>' + message.role + '\n<think>\n' + reasoning_content.strip('\n') + '\n</think>\n\n' + content.lstrip('\n') }}
        {%- else %}
            {{- '<|im_start|>' + message.role + '\n' + content }}
        {%- endif %}
        {{- '<|im_end|>\n' }}
    {%- else %}
        {{- '<|im_start|>' + message.role + '\n' + content + '<|im_end|>\n' }}
    {%- endif %}
{%- endfor %}
{%- if add_generation_prompt %}
    {{- '<|im_start|>assistant\n' }}
    {%- if enable_thinking is defined and enable_thinking is false %}
        {{- '<think>\n\n</think>\n\n' }}
    {%- endif %}
{%- endif %}"""
T["zephyr"] = "{% for message in messages %}\n{% if message['role'] == 'user' %}\n{{ '<|user|>\n' + message['content'] + eos_token }}\n{% elif message['role'] == 'system' %}\n{{ '<|system|>\n' + message['content'] + eos_token }}\n{% elif message['role'] == 'assistant' %}\n{{ '<|assistant|>\n'  + message['content'] + eos_token }}\n{% endif %}\n{% if loop.last and add_generation_prompt %}\n{{ '<|assistant|>' }}\n{% endif %}\n{% endfor %}"
T["vicuna"] = simple("'USER: ' + message['content'] + ' '", "'ASSISTANT: ' + message['content'] + eos_token", "'ASSISTANT:'", "message['content'] + ' '", "{{ bos_token }}")
T["alpaca"] = simple("'### Instruction:\n' + message['content'].strip() + '\n\n'", "'### Response:\n' + message['content'].strip() + '\n\n'", "'### Response:\n'")
T["command-r"] = "{{ bos_token }}" + SPLIT + "{% if system_message != false %}{{ '<|START_OF_TURN_TOKEN|><|SYSTEM_TOKEN|>' + system_message + '<|END_OF_TURN_TOKEN|>' }}{% endif %}{% for message in loop_messages %}" + ALTERNATE + "{% set content = message['content'] %}{% if message['role'] == 'user' %}{{ '<|START_OF_TURN_TOKEN|><|USER_TOKEN|>' + content.strip() + '<|END_OF_TURN_TOKEN|>' }}{% elif message['role'] == 'assistant' %}{{ '<|START_OF_TURN_TOKEN|><|CHATBOT_TOKEN|>'  + content.strip() + '<|END_OF_TURN_TOKEN|>' }}{% endif %}{% endfor %}{% if add_generation_prompt %}{{ '<|START_OF_TURN_TOKEN|><|CHATBOT_TOKEN|>' }}{% endif %}"
T["command-r-rag"] = """{% if documents %}<results>
{% for document in documents %}
Document: {{ loop.index0 }}
{% for key, value in document.items() %}
{{ key|title }}: {{ value|trim }}
{% endfor %}

{% endfor %}
</results>{% endif %}
{% for m in messages if m.role == 'user' %}{{ m.content }}{% else %}nobody{% endfor %}"""
T["deepseek"] = simple("'User: ' + message['content'] + '\n\n'", "'Assistant: ' + message['content'] + eos_token", "'Assistant:'", "message['content'] + '\n\n'", "{% if not add_generation_prompt is defined %}{% set add_generation_prompt = false %}{% endif %}{{ bos_token }}")
T["deepseek-r1"] = "{% set ns = namespace(is_first=false, system_prompt='', is_last_user=false) %}{%- for message in messages %}{%- if message['role'] == 'system' %}{% set ns.system_prompt = message['content'] %}{%- endif %}{%- endfor %}{{bos_token}}{{ns.system_prompt}}{%- for message in messages %}{%- if message['role'] == 'user' %}{{'<｜User｜>' + message['content']}}{%- endif %}{%- if message['role'] == 'assistant' and message['content'] is not none %}{% set content = message['content'] %}{% if '</think>' in content %}{% set content = content.split('</think>')[-1] %}{% endif %}{{'<｜Assistant｜>' + content + '<｜end▁of▁sentence｜>'}}{%- endif %}{%- endfor -%}{% if add_generation_prompt %}{{'<｜Assistant｜>'}}{% endif %}"
T["falcon"] = "{% for message in messages %}{% if not loop.first %}{{ '\n' }}{% endif %}{% if message['role'] == 'system' %}{{ 'System: ' }}{% elif message['role'] == 'user' %}{{ 'User: ' }}{% elif message['role'] == 'assistant' %}{{ 'Falcon: ' }}{% endif %}{{ message['content'] }}{% endfor %}{% if add_generation_prompt %}{{ '\n' + 'Falcon:' }}{% endif %}"
T["olmo"] = "{{ eos_token }}" + simple("'<|user|>\n' + message['content'] + '\n'", "'<|assistant|>\n' + message['content'] + eos_token + ('' if loop.last else '\n')", "'<|assistant|>\n'")
T["granite"] = """{%- if tools %}
    {{- '<|start_of_role|>available_tools<|end_of_role|>\n' }}
    {%- for tool in tools %}
    {{- tool | tojson(indent=4) }}
    {%- if not loop.last %}
        {{- '\n\n' }}
    {%- endif %}
    {%- endfor %}
    {{- '<|end_of_text|>\n' }}
{%- endif %}
{%- for message in messages %}
 {%- if message['role'] == 'assistant_tool_call' %}
    {{- '<|start_of_role|>assistant<|end_of_role|><|tool_call|>' + message['content'] + '<|end_of_text|>\n' }}
 {%- else %}
    {{- '<|start_of_role|>' + message['role'] + '<|end_of_role|>' + (message['content'] or '') + '<|end_of_text|>\n' }}
 {%- endif %}
 {%- if loop.last and add_generation_prompt %}
    {{- '<|start_of_role|>assistant<|end_of_role|>' }}
 {%- endif %}
{%- endfor %}"""
T["smollm"] = "{% for message in messages %}{% if loop.first and messages[0]['role'] != 'system' %}{{ '<|im_start|>system\nYou are a helpful AI assistant named SmolLM, trained by Hugging Face<|im_end|>\n' }}{% endif %}" + T["chatml"][len("{% for message in messages %}"):]
T["starchat"] = simple("'<|user|>\n' + message['content'] + '<|end|>\n'", "'<|assistant|>\n' + message['content'] + '<|end|>\n'", "'<|assistant|>'", "'<|system|>\n' + message['content'] + '<|end|>\n'")
T["openchat"] = "{{ bos_token }}{% for message in messages %}{{ 'GPT4 Correct ' + message['role'].title() + ': ' + message['content'] + '<|end_of_turn|>'}}{% endfor %}{% if add_generation_prompt %}{{ 'GPT4 Correct Assistant:' }}{% endif %}"
T["yi"] = "{% if not add_generation_prompt is defined %}{% set add_generation_prompt = false %}{% endif %}{% if messages[0]['role'] == 'system' %}{% set system_message = messages[0]['content'] %}{% endif %}{% if system_message is defined %}{{ system_message }}{% endif %}{% for message in messages %}{% set content = message['content'] %}{% if message['role'] == 'user' %}{{ '<|im_start|>user\\n' + content + '<|im_end|>\\n<|im_start|>assistant\\n' }}{% elif message['role'] == 'assistant' %}{{ content + '<|im_end|>' + '\\n' }}{% endif %}{% endfor %}"
T["internlm"] = "{{ bos_token }}" + T["chatml"]
T["solar"] = simple("'### User:\n' + message['content'] + '\n\n'", "'### Assistant:\n' + message['content'] + '\n\n'", "'### Assistant:\n'", "'### System:\n' + message['content'] + '\n\n' if message['content'] else ''")
T["baichuan"] = simple("'<reserved_106>' ~ message.content", "'<reserved_107>' ~ message.content", "'<reserved_107>'")
T["hermes-tools"] = r"""{%- macro json_to_python_type(json_spec) %}
{%- set basic_type_map = {"string": "str", "number": "float", "integer": "int", "boolean": "bool"} %}
{%- if basic_type_map[json_spec.type] is defined %}
    {{- basic_type_map[json_spec.type] }}
{%- elif json_spec.type == "array" %}
    {{- "list[" +  json_to_python_type(json_spec|items) + "]" }}
{%- elif json_spec.type is iterable and json_spec.type is not string %}
    {{- "Union[" }}{%- for t in json_spec.type %}{{- json_to_python_type({"type": t}) }}{%- if not loop.last %}{{- "," }}{%- endif %}{%- endfor %}{{- "]" }}
{%- else %}
    {{- "Any" }}
{%- endif %}
{%- endmacro %}
{{- bos_token }}
{%- for tool in tools or [] %}
    {%- if tool.function is defined %}{%- set tool = tool.function %}{%- endif %}
    {{- '{"name": "' + tool.name + '", "description": "' + tool.name + '(' }}
    {%- for param_name, param_fields in tool.parameters.properties|items %}
        {{- param_name + ": " + json_to_python_type(param_fields) }}
        {%- if not loop.last %}{{- ", " }}{%- endif %}
    {%- endfor %}
    {{- ")" }}
    {%- for param_name, param_fields in tool.parameters.properties|dictsort %}
        {{- "\n        " + param_name + "(" + json_to_python_type(param_fields) + "): " + (param_fields.description|default("no description"))|trim }}
    {%- endfor %}
    {{- ', "parameters": ' }}
    {{- (tool.parameters.properties | length == 0) and '{}' or tool.parameters | tojson }}
{%- endfor %}
{%- for m in messages %}{% generation %}{{ m.content if m.content is string else m.content|tojson }}{% endgeneration %}{{ '|' if loop.nextitem is defined }}{% endfor %}
"""
T["parts"] = """{% for message in messages %}<|{{ message.role }}|>{% if message.content is string %}{{ message.content }}{% else %}{% for part in message['content'] %}{% if part.type == 'image' %}<image>{% elif part['type'] == 'text' %}{{ part.text | trim }}{% endif %}{% endfor %}{% endif %}
{% endfor %}"""
T["python-values"] = "{{ messages }}{{ tools }}{{ [1, 2.5, none, true, (1,), {'a': 'it\\'s'}, 1e20, 1e-7, -7 // 2, -7 % 3, 7 / 2, 2 ** 5] }}"
T["language"] = """  {% set x %} a b {% endset %}
{%+ if x is defined +%}
  {{ x|trim|upper }}{{ 'é ß ĳ'|upper }}{{ 'ÀÉ Σa'|lower }}{{ 'hello wORLD-x (y'|title }}{{ "they're".title() }}{{ 'ABC'|capitalize }}
  {# comment #}
{% endif %}
{{- 'abcdef'[1:-1] }}{{ 'abcdef'[::-2] }}{{ [1,2,3,4][-3::2] }}{{ 'a,b,,c'.split(',') }}{{ ' a  b '.split() }}{{ 'a-b-c'.rsplit('-', 1) }}
{% for i in range(10) %}{% if i == 2 %}{% continue %}{% endif %}{% if i > 5 %}{% break %}{% endif %}{{ i }}{{ loop.previtem }}{{ ',' if not loop.last }}{% endfor %}
{{ [3, 1, 2]|sort|join('-') }}{{ ['b', 'A', 'a']|unique|list }}{{ ['b', 'A']|sort(reverse=true) }}{{ 'x'|default('y') }}{{ q|default('y') }}{{ ''|default('z', true) }}{{ '12'|int + 1 }}{{ '1.5'|float }}{{ 'k'|int(7) }}
{{ messages|map(attribute='role')|unique|join(' ') }}{{ messages|rejectattr('role', 'in', ['user'])|list|length }}{{ messages|selectattr('content')|list|length }}{{ 'abc'|reverse }}{{ [1, 2]|reverse|list }}{{ 'a\\nb'|indent(2) }}{{ 'a\\n\\nb'|indent(2, true) }}
{{ 1 < 2 < 3 }}{{ 1 < 3 < 2 }}{{ not 1 in [1] }}{{ 2 not in [1] }}{{ 'a' 'b' ~ 1 ~ none }}{{ {'a': 1}.get('b', 3) }}{{ {'a': [1, {}], 'b': []}|tojson(indent=2) }}{{ {'b': 1, 'a': 'é'}|tojson(ensure_ascii=true, sort_keys=true, separators=(',', ':')) }}
{% filter upper %}shout {{ x }}{% endfilter %}{% macro m(a, b='q') %}[{{ a }}{{ b }}]{% endmacro %}{{ m(1) }}{{ m(1, b=2) }}{{ m() }}
{{ strftime_now('%Y-%m-%d %B %b %A %a %H:%M') }}{{ 'abc'.find('c') }}{{ 'aXa'.replace('a', 'bb', 1) }}{{ '-'.join(['x', 'y']) }}{{ undefinedname }}{{ undefinedname|length }}{{ dict(a=1).a }}{{ {'z': 1, 'B': 2}|dictsort }}{{ 'a' if false }}"""

def main():
    class Fixed(datetime.datetime):
        @classmethod
        def now(cls, tz=None):
            return NOW
    chat.datetime = Fixed
    result = {"inputs": {k: json.dumps(v, ensure_ascii=False) for k, v in INPUTS.items()}, "templates": {}}
    for name, text in T.items():
        compiled, outputs = chat._compile_jinja_template(text), {}
        for key, values in INPUTS.items():
            values = dict(dict(tools=None, documents=None), **json.loads(json.dumps(values)))
            result["inputs"][key] = json.dumps(values, ensure_ascii=False)
            try:
                outputs[key] = compiled.render(**values)
            except Exception as error:
                outputs[key] = None
        result["templates"][name] = {"template": text, "outputs": outputs}
    os.makedirs(os.path.dirname(OUT), exist_ok=True)
    with open(OUT, "w", encoding="utf-8") as f:
        json.dump(result, f, ensure_ascii=False, indent=1)
        f.write("\n")
    print(len(T), "templates,", sum(v is None for t in result["templates"].values() for v in t["outputs"].values()), "errors")


if __name__ == "__main__":
    main()
